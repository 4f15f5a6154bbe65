using System.Globalization;
using System.Text.Json;
using KlingEffects.Emulator.Answers;
using KlingEffects.Emulator.Configuration;

namespace KlingEffects.Emulator.Specification;

/// <summary>Holds a submit against the provider's OpenAPI text: required members, types, one image or exactly two, and nothing else.</summary>
internal static class SubmitCheck
{
    private static readonly string[] RootMembers = ["effect_scene", "input", "callback_url", "external_task_id"];
    private static readonly string[] InputMembers = ["model_name", "mode", "image", "images", "duration"];

    public static void Check(SubmitBody body, SubmitReading reading)
    {
        if (body.Root is not { ValueKind: JsonValueKind.Object } root)
        {
            string text = $"the body is no JSON object: {body.Defect}";
            reading.Breach(text, ApiErrors.Gateway(400, "", text));
            return;
        }

        Members(root, RootMembers, "", reading);
        reading.Request = new EffectRequest
        {
            Scene = Text(root, "effect_scene", "", reading, isRequired: true),
            ExternalId = Text(root, "external_task_id", "", reading),
            CallbackUrl = Text(root, "callback_url", "", reading),
        };
        if (reading.Request.CallbackUrl is { } callback && !ImageCheck.IsWebUrl(callback))
        {
            reading.Invalid("callback_url is no http or https URL");
        }

        if (!root.TryGetProperty("input", out JsonElement input))
        {
            reading.Missing("input");
        }
        else if (input.ValueKind != JsonValueKind.Object)
        {
            reading.Invalid("input is no object");
        }
        else
        {
            CheckInput(input, body, reading);
        }
    }

    private static void CheckInput(JsonElement input, SubmitBody body, SubmitReading reading)
    {
        Members(input, InputMembers, "input.", reading);
        Text(input, "model_name", "input.", reading);
        if (Text(input, "mode", "input.", reading) is { } mode and not ("std" or "pro"))
        {
            reading.Invalid($"input.mode is neither std nor pro: {mode}");
        }

        // Kling's own page names no length any more, nor model and mode; what older clients still send there is let through.
        string? duration = Text(input, "duration", "input.", reading, isRequired: reading.Gateway == Gateway.CometApi);
        if (duration is not null && !(int.TryParse(duration, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) && seconds > 0))
        {
            reading.Invalid($"input.duration is no number of seconds: {duration}");
        }

        List<SubmittedImage> images = ReadImages(input, body, reading);
        reading.Request = reading.Request with
        {
            Duration = duration,
            Images = images,
            ImageDefect = images.Select(ImageCheck.DefectOf).FirstOrDefault(defect => defect is not null),
        };
    }

    private static List<SubmittedImage> ReadImages(JsonElement input, SubmitBody body, SubmitReading reading)
    {
        bool hasOne = input.TryGetProperty("image", out _);
        bool hasTwo = input.TryGetProperty("images", out JsonElement array);
        if (hasOne && hasTwo)
        {
            reading.Invalid("input holds both image and images");
        }
        else if (!hasOne && !hasTwo)
        {
            reading.Missing("input.image");
        }

        List<SubmittedImage> images = [];
        if (hasOne && Text(input, "image", "input.", reading) is { } single)
        {
            images.Add(ImageCheck.Read("input.image", single, body, reading));
        }

        if (hasTwo && array.ValueKind != JsonValueKind.Array)
        {
            reading.Invalid("input.images is no array");
        }
        else if (hasTwo)
        {
            ReadPair(array, images, body, reading);
        }

        return images;
    }

    private static void ReadPair(JsonElement array, List<SubmittedImage> images, SubmitBody body, SubmitReading reading)
    {
        if (array.GetArrayLength() != 2)
        {
            reading.Invalid($"input.images holds {array.GetArrayLength()} images instead of 2");
        }

        int index = 0;
        foreach (JsonElement item in array.EnumerateArray())
        {
            string name = $"input.images[{index++}]";
            if (Text(item, name, reading) is { } text)
            {
                images.Add(ImageCheck.Read(name, text, body, reading));
            }
        }
    }

    private static void Members(JsonElement parent, string[] known, string prefix, SubmitReading reading)
    {
        foreach (JsonProperty member in parent.EnumerateObject())
        {
            if (!known.Contains(member.Name, StringComparer.Ordinal) && !reading.AcceptsAnyMember)
            {
                reading.Invalid($"unknown member {prefix}{member.Name}");
            }
        }
    }

    private static string? Text(JsonElement parent, string name, string prefix, SubmitReading reading, bool isRequired = false)
    {
        if (parent.TryGetProperty(name, out JsonElement value))
        {
            return Text(value, prefix + name, reading);
        }

        if (isRequired)
        {
            reading.Missing(prefix + name);
        }

        return null;
    }

    private static string? Text(JsonElement value, string name, SubmitReading reading)
    {
        if (value.ValueKind == JsonValueKind.String && !string.IsNullOrWhiteSpace(value.GetString()))
        {
            return value.GetString();
        }

        reading.Invalid(value.ValueKind switch
        {
            JsonValueKind.Null => $"{name} is null",
            JsonValueKind.String => $"{name} is empty",
            _ => $"{name} is no string",
        });
        return null;
    }
}
