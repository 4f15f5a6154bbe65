using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using KlingEffects.Emulator.Configuration;
using KlingEffects.Emulator.Faults;
using KlingEffects.Emulator.Recording;

namespace KlingEffects.Emulator.Hosting;

/// <summary>What the stand-alone emulator says to its user.</summary>
internal static class Usage
{
    private const string ExampleFault =
        """{"operation":"submit","times":2,"effect":{"kind":"status","code":429,"headers":{"Retry-After":"2"}}}""";

    private static string Effects =>
        string.Join(", ", typeof(FaultEffect).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(effect => effect.TypeDiscriminator));

    public static string Options => """
        The Kling effects API of CometAPI, or of Kling itself, on loopback: no key of yours, no cost.

          --gateway CometApi                    or Kling: Kling's own API, without prefix and length, with a list
          --port 8787                           the API's port (0: any free one)
          --video-port 0                        the video host's port (0: any free one)
          --key sk-emulator                     the key to accept; for Kling kling-emulator
          --generation-seconds 3                how long a task takes
          --generation-spread-seconds 0         how far tasks differ in that, up or down
          --submitted-seconds 0.5               how long of it a task only waits
          --parallel-limit 0                    unfinished tasks at once; above it 1303 (0: no limit)
          --rate-limit 0                        requests a second; above it 1302 (0: no limit)
          --latency-ms 0                        how long each answer of the API is held back
          --video-bytes 262144                  the size of each video
          --videos-per-task 1                   how many videos a task makes
          --url-lifetime-seconds 0              how long a video's URL is good (0: for ever)
          --any-scene                           accept every effect scene, not only those ever published
          --any-member                          accept members of a submit that the specification does not have
          --answer-shape flat                   or wrapper, wrapperNested, wrapperResultUrl, newStandard, simple
          --task-id-style number                or base64Like
          --content-encoding gzip               or deflate, br: compresses answers unasked; another word is only said
          --hides-content-encoding              compresses them without saying so
          --answers-as-event-stream             "data: {…}" instead of plain JSON
          --date-offset-seconds 0               how far the header Date is ahead of the clock
          --list-ignores-page                   every page of the list is the first one
          --answers-external-id true            whether a query may name a task by its external id
          --reject-duplicate-external-id true   whether an external id is refused the second time
          --duplicate-refusal code1201          or conflict: 409 duplicate_external_task_id
          --payment both                        or units, cash, cashNumber: what tasks of Kling's say that they cost
          --units-per-task 2                    what each task costs; a unit's price is 0.14
          --tells-cost-of-failed                a task that failed says so, too
          --affordable-submits 20               so many, then the balance is not enough (not given: no limit)
          --manual-clock                        time stands still until POST /_emulator/clock/advance
          --seed 1                              makes the random parts repeatable
          --record-bodies                       keep request bodies of any size
          --ready-file PATH                     write the API's address there once it listens
          --exit-with-parent PID                stop when that process ends
          --verbose                             a line for each request
        """;

    private static string Variable(KlingEmulator emulator, string atCometApi, string atKling) =>
        emulator.Options.Gateway == Gateway.Kling ? atKling : atCometApi;

    public static string Greeting(string baseUrl, KlingEmulator emulator) => $$"""
        The emulator listens. In PowerShell:

            $env:{{Variable(emulator, "COMETAPI_BASE_URL", "KLING_BASE_URL")}} = '{{baseUrl}}'
            $env:{{Variable(emulator, "COMETAPI_KEY", "KLING_API_KEY")}} = '{{emulator.ApiKey}}'

        See what it got:       irm {{baseUrl}}/_emulator/state
        Make something fail:   irm {{baseUrl}}/_emulator/faults -Method Post -ContentType application/json -Body '{{ExampleFault}}'
        Operations:            {{string.Join(", ", Enum.GetNames<Operation>().Select(JsonNamingPolicy.CamelCase.ConvertName))}}
        Effects:               {{Effects}}

        Videos come from {{emulator.VideoBaseUri}}. Ctrl+C ends it.
        """;
}
