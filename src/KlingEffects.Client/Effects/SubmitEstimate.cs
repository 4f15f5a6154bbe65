namespace KlingEffects.Effects;

/// <summary>Estimates what new jobs cost from earlier tasks of their scenes. There is no price table, because prices change.</summary>
internal static class SubmitEstimate
{
    public static SafeText Describe(IReadOnlyList<(KlingGatewayName Gateway, string Scene)> jobs, IEnumerable<KlingJob> earlier)
    {
        ILookup<(KlingGatewayName, string?), KlingJob> known = earlier
            .Where(static job => job.State is KlingJobState.Succeeded or KlingJobState.Saved)
            .GroupBy(static job => job.TaskId, StringComparer.Ordinal).Select(static task => task.First())
            .ToLookup(static job => (job.Gateway ?? KlingGatewayName.CometApi, job.Scene));
        Evidence[] costs = [new("units", static job => job.Record.Units), new("in money", static job => job.Record.Cost)];
        string[] scenes = [.. jobs.GroupBy(static job => job).Select(scene =>
        {
            string[] told = [.. costs.Select(cost => cost.Add(known[scene.Key], scene.Count())).OfType<string>()];
            string evidence = told.Length > 0 ? string.Join("; ", told) : "no earlier task tells what it cost";
            return $"{scene.Count()} × {scene.Key.Scene}: {evidence}";
        })];
        string[] totals = [.. costs.Select(cost => cost.Total(jobs.Count)).OfType<string>()];
        SafeText sum = totals.Length > 0 ? $" Together about {string.Join(", and ", totals)}, if prices have not moved." : (SafeText)"";
        return $"{SafeText.Join(". ", scenes)}.{sum}";
    }

    private sealed class Evidence(string word, Func<KlingJob, decimal?> cost)
    {
        private decimal _least;
        private decimal _usual;
        private decimal _most;
        private int _jobs;

        /// <summary>Median, range and dates of one scene's costs; null if no task tells its cost.</summary>
        public string? Add(IEnumerable<KlingJob> tasks, int jobs)
        {
            KlingJob[] telling = [.. tasks.Where(task => cost(task) is not null).OrderBy(cost)];
            if (telling.Length == 0)
            {
                return null;
            }

            decimal Cost(int index) => cost(telling[index])!.Value;
            (decimal least, decimal most) = (Cost(0), Cost(telling.Length - 1));
            decimal median = (Cost((telling.Length - 1) / 2) + Cost(telling.Length / 2)) / 2;
            _least += jobs * least;
            _usual += jobs * median;
            _most += jobs * most;
            _jobs += jobs;
            string range = least == most ? "" : Range(least, most) + ", ";
            return $"{Figures.Amount(median)} {word} each ({range}{Figures.Count(telling.Length, "task", "tasks")}{Days(telling)})";
        }

        /// <summary>The sum over all scenes; null if none has a known cost.</summary>
        public string? Total(int jobs)
        {
            List<string> notes = _least == _most ? [] : [Range(_least, _most)];
            notes.AddRange(_jobs < jobs ? [$"known of {_jobs} of them"] : []);
            return _jobs == 0 ? null : $"{Figures.Amount(_usual)} {word}{(notes.Count > 0 ? $" ({string.Join(", ", notes)})" : "")}";
        }

        private static string Range(decimal least, decimal most) => $"{Figures.Amount(least)} to {Figures.Amount(most)}";

        private static string Days(KlingJob[] tasks)
        {
            DateTimeOffset[] ends = [.. tasks.Select(static task => task.EndedAt ?? task.SubmittedAt).OfType<DateTimeOffset>()];
            string[] days = [.. ends.OrderBy(static end => end).Select(Day).Distinct()];
            return days.Length < 2 ? string.Concat(days.Select(static day => $", {day}")) : $", {days[0]} to {days[days.Length - 1]}";
        }

        private static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }
}
