using KlingEffects.Emulator.Tests.SampleRooms.Front;

namespace KlingEffects.Emulator.Tests.SampleRooms.Floor;

internal static class AsyncBody
{
    public static async Task<int> RunAsync()
    {
        await Task.Yield();
        return FrontException.Look();
    }
}

internal static class AsyncIterator
{
    public static async IAsyncEnumerable<int> RunAsync()
    {
        await Task.Yield();
        yield return FrontException.Look();
    }
}

internal static class Iterator
{
    public static IEnumerable<int> Run()
    {
        yield return FrontException.Look();
    }
}

internal static class AsyncLambda
{
    public static Func<Task<int>> Make(int more) => async () =>
    {
        await Task.Yield();
        return FrontException.Look() + more;
    };
}

internal static class CatchClause
{
    public static void Run(Action action)
    {
        try
        {
            action();
        }
        catch (FrontException)
        {
            // That it is named is all.
        }
    }
}

internal static class GenericArgument
{
    public static object Make() => Array.Empty<List<FrontException>>();
}

internal static class StaticOfGeneric
{
    public static object Comparer() => EqualityComparer<FrontException>.Default;
}

internal sealed class NestedType
{
    internal sealed record Inner(FrontException? Value);
}

[Front]
internal sealed class AttributeOnType;
