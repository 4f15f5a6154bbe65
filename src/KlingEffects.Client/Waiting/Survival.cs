namespace KlingEffects.Waiting;

/// <summary>
/// How the lives of a batch's tasks end, as far as it has shown: the cumulative hazard by age. Beyond the oldest age that was seen it grows
/// on as steeply as it came there, for what nobody has seen yet is most likely more of the same.
/// </summary>
internal sealed class Survival
{
    private const double Steepest = 12;

    private readonly double[] _ages;
    private readonly double[] _hazards;
    private readonly double _steepness;

    /// <param name="ages">Ages in seconds, ascending from 0.</param>
    /// <param name="hazards">The cumulative hazard at each; the last is above 0.</param>
    public Survival(double[] ages, double[] hazards)
    {
        _ages = ages;
        _hazards = hazards;
        double half = AgeAt(hazards[hazards.Length - 1] / 2);
        double slope = Math.Log(2) / Math.Log(Math.Max(1.0001, ages[ages.Length - 1] / Math.Max(half, 0.001)));
        _steepness = Math.Max(1, Math.Min(Steepest, slope));
        MeanLife = Mean();
    }

    /// <summary>How many seconds a task takes on average.</summary>
    public double MeanLife { get; }

    /// <summary>How likely a task of an age has ended after some more seconds.</summary>
    public double EndedAfter(double age, double seconds) => 1 - Math.Exp(Hazard(age) - Hazard(age + seconds));

    private double Hazard(double age)
    {
        int last = _ages.Length - 1;
        if (age >= _ages[last])
        {
            return _hazards[last] * Math.Pow(age / _ages[last], _steepness);
        }

        int found = Array.BinarySearch(_ages, Math.Max(0, age));
        if (found >= 0)
        {
            return _hazards[found];
        }

        int next = ~found;
        double part = (age - _ages[next - 1]) / (_ages[next] - _ages[next - 1]);
        return _hazards[next - 1] + (part * (_hazards[next] - _hazards[next - 1]));
    }

    private double AgeAt(double hazard)
    {
        int next = Math.Max(1, Array.FindIndex(_hazards, known => known >= hazard));
        double step = _hazards[next] - _hazards[next - 1];
        double part = step > 0 ? (hazard - _hazards[next - 1]) / step : 1;
        return _ages[next - 1] + (part * (_ages[next] - _ages[next - 1]));
    }

    private double Mean()
    {
        const double Negligible = 0.001;
        const int Steps = 200;
        const int MostSteps = 20 * Steps;
        double step = _ages[_ages.Length - 1] / Steps;
        double sum = 0;
        for (int at = 0; at < MostSteps && Math.Exp(-Hazard(step * (at + 0.5))) is var alive && alive > Negligible; at++)
        {
            sum += alive * step;
        }

        return sum;
    }
}
