namespace KlingEffects.Emulator.Tests.SampleRooms.Front;

internal sealed class FrontException : Exception
{
    public static int Look() => 1;
}

[AttributeUsage(AttributeTargets.Class)]
internal sealed class FrontAttribute : Attribute;
