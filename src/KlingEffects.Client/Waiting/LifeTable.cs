namespace KlingEffects.Waiting;

/// <summary>The probability that a task of some age in seconds ends in the next second, by a life table, which counts tasks under way
/// too. It halves the polls at a smaller delay: docs/polling.md.</summary>
internal sealed class LifeTable(LifeTable? parent = null)
{
    private const double FirstWidth = 1;
    private const double Growth = 1.06;
    private const int Buckets = 160;

    // The parent's experience counts as much as this many buckets of this table's own.
    private const double ParentWeight = 2;

    // Without experience: a task that took this long may take as long again.
    private const double UnknownHazard = 0.3;

    private static readonly double[] Starts = MakeStarts();

    private readonly double[] _ended = new double[Buckets];
    private readonly double[] _seconds = new double[Buckets];

    public void RecordAlive(double from, double to)
    {
        parent?.RecordAlive(from, to);
        for (int bucket = Bucket(from); bucket < Buckets && Starts[bucket] < to; bucket++)
        {
            _seconds[bucket] += Math.Max(0, Math.Min(to, Starts[bucket + 1]) - Math.Max(from, Starts[bucket]));
        }
    }

    public void RecordEnd(double age)
    {
        parent?.RecordEnd(age);
        _ended[Bucket(age)]++;
    }

    /// <summary>The age of the next poll: the expected delay of an ended task reaches the worth; not later than the longest.</summary>
    public double NextPoll(double age, double worth, double longest)
    {
        double likelihood = 0;
        double delay = 0;
        double from = age;
        double last = age + longest;
        for (int bucket = Bucket(age); from < last; bucket++)
        {
            double to = Math.Min(last, bucket < Buckets - 1 ? Starts[bucket + 1] : last);
            double span = to - from;
            double hazard = Hazard(Math.Min(bucket, Buckets - 1));
            double added = (likelihood * span) + (hazard * span * span / 2);
            if (delay + added >= worth)
            {
                // hazard/2·x² + likelihood·x = worth - delay
                double rest = worth - delay;
                double root = Math.Sqrt((likelihood * likelihood) + (2 * hazard * rest));
                return from + (2 * rest / (likelihood + root));
            }

            delay += added;
            likelihood += hazard * span;
            from = to;
        }

        return last;
    }

    public double Hazard(double age) => Hazard(Bucket(age));

    /// <summary>The lifetimes by this table's own experience; null if too few tasks have ended.</summary>
    public Survival? Lives()
    {
        int oldest = Array.FindLastIndex(_seconds, static seconds => seconds > 0);
        if (oldest < 0 || _ended.Sum() < Policy.EndsThatTell)
        {
            return null;
        }

        double[] hazards = new double[oldest + 2];
        for (int bucket = 0; bucket <= oldest; bucket++)
        {
            // Tasks that ended in the bucket count for half of it.
            double atRisk = (_seconds[bucket] / Width(bucket)) + (_ended[bucket] / 2);
            hazards[bucket + 1] = hazards[bucket] + (_ended[bucket] > 0 ? _ended[bucket] / atRisk : 0);
        }

        return new Survival([.. Starts.Take(hazards.Length)], hazards);
    }

    // A bucket without experience takes the value of the one before: tasks of one batch are of one age.
    private double Hazard(int bucket) => Estimate(
        bucket,
        parent?.Hazard(bucket) ?? Math.Max(Unknown(bucket), bucket == 0 ? 0 : Estimate(bucket - 1, Unknown(bucket - 1))));

    private double Estimate(int bucket, double expected)
    {
        double weight = ParentWeight * Width(bucket);
        return (_ended[bucket] + (weight * expected)) / (_seconds[bucket] + weight);
    }

    private static double Unknown(int bucket) => UnknownHazard / ((Starts[bucket] + Starts[bucket + 1]) / 2);

    private static double Width(int bucket) => Starts[bucket + 1] - Starts[bucket];

    private static int Bucket(double age)
    {
        int found = Array.BinarySearch(Starts, 0, Buckets, age);
        return found >= 0 ? found : Math.Max(0, ~found - 1);
    }

    // The start of each bucket, and the end of the last.
    private static double[] MakeStarts()
    {
        double[] starts = new double[Buckets + 1];
        for (int bucket = 1; bucket <= Buckets; bucket++)
        {
            starts[bucket] = starts[bucket - 1] + Math.Max(FirstWidth, starts[bucket - 1] * (Growth - 1));
        }

        return starts;
    }
}
