using KlingEffects.Emulator.Answers;
using KlingEffects.Emulator.Configuration;

namespace KlingEffects.Emulator.Specification;

/// <summary>What a submit says, as far as it could be read, and every breach in it.</summary>
/// <param name="options">Whose API it is held against, and how strictly.</param>
internal sealed class SubmitReading(EmulatorOptions options)
{
    private readonly List<Breach> _breaches = [];

    public Gateway Gateway => options.Gateway;

    public bool AcceptsAnyMember => options.AcceptsAnyMember;

    public EffectRequest Request { get; set; } = new();

    public IReadOnlyList<Breach> Breaches => _breaches;

    public void Invalid(string text) => _breaches.Add(new Breach(text, ApiErrors.InvalidParameter(text)));

    public void Missing(string member) => _breaches.Add(new Breach($"{member} is missing", ApiErrors.Missing(member)));

    public void Breach(string text, Answer answer) => _breaches.Add(new Breach(text, answer));
}
