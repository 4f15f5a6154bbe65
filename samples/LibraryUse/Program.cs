using KlingEffects;
using KlingEffects.LibraryUse;
using KlingEffects.Samples;

SampleProgram libraryUse = new(
    "This program does the jobs there with the client library:",
    static (emulator, place, stop) =>
    {
        KlingClient client = new(new KlingClientOptions { ApiKey = emulator.ApiKey, BaseUri = emulator.BaseUri });
        return new LibraryRun(client, place).RunAsync(stop);
    });
return await libraryUse.MainAsync(args is [string folder] ? folder : "library-out");
