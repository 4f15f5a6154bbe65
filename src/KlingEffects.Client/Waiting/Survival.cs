namespace KlingEffects.Waiting;

/// <summary>The lifetimes of tasks: the cumulative hazard by age, which goes on as steeply beyond the oldest known age.</summary>
internal sealed class Survival
{
    private const double Steepest = 12;

    private readonly double[] _ages;
    private readonly double[] _hazards;
    private readonly double _oldest;
    private readonly double _highest;
    private readonly double _steepness;

    public Survival(double[] ages, double[] hazards)
    {
        (_ages, _hazards) = (ages, hazards);
        (_oldest, _highest) = (ages[ages.Length - 1], hazards[hazards.Length - 1]);
        double half = Interpolate(hazards, ages, _highest / 2);
        double slope = Math.Log(2) / Math.Log(Math.Max(1.0001, _oldest / Math.Max(half, 0.001)));
        _steepness = Math.Max(1, Math.Min(Steepest, slope));
        MeanLife = Mean();
    }

    /// <summary>The average lifetime in seconds.</summary>
    public double MeanLife { get; }

    public double EndedAfter(double age, double seconds) => 1 - Math.Exp(Hazard(age) - Hazard(age + seconds));

    private double Hazard(double age) =>
        age >= _oldest ? _highest * Math.Pow(age / _oldest, _steepness) : Interpolate(_ages, _hazards, Math.Max(0, age));

    private double Mean()
    {
        const double Negligible = 0.001;
        const int Steps = 200;
        double step = _oldest / Steps;
        IEnumerable<double> alive = Enumerable.Range(0, 20 * Steps).Select(at => Math.Exp(-Hazard(step * (at + 0.5))));
        return step * alive.TakeWhile(static part => part > Negligible).Sum();
    }

    private static double Interpolate(double[] from, double[] to, double value)
    {
        int found = Array.BinarySearch(from, value);
        if (found >= 0)
        {
            return to[found];
        }

        double part = (value - from[~found - 1]) / (from[~found] - from[~found - 1]);
        return to[~found - 1] + (part * (to[~found] - to[~found - 1]));
    }
}
