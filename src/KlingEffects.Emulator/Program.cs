using KlingEffects.Emulator.Hosting;

try
{
    CommandLine command = CommandLine.Parse(args);
    if (command.Help)
    {
        Console.WriteLine(Usage.Options);
        return 0;
    }

    await StandAlone.RunAsync(command);
    return 0;
}
catch (Exception mistake) when (mistake is FormatException or IOException or ArgumentException)
{
    await Console.Error.WriteLineAsync(mistake.Message);
    return 1;
}
