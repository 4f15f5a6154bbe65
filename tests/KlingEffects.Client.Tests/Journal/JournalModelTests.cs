using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace KlingEffects.Tests.Journal;

public sealed class JournalModelTests
{
    private static readonly Gen<Turn> Turns =
        from deed in Gen.Frequency((4, Gen.Constant(Deed.Submit)), (5, Gen.Elements(Deed.Accept, Deed.Refuse, Deed.Doubt)), (1, Gen.Constant(Deed.Reopen)))
        from job in Gen.Choose(0, 2)
        from retry in Gen.Elements(true, false)
        from crash in Gen.Frequency((4, Gen.Constant((int?)null)), (1, Gen.Choose(0, 1000).Select(static place => (int?)place)))
        select new Turn(deed, job, retry, crash);

    public enum Deed
    {
        Submit,
        Accept,
        Refuse,
        Doubt,
        Reopen,
    }

    [Fact]
    public void Any_run_with_crashes_at_any_byte_leaves_what_the_model_says() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(400).WithEndSize(40).WithQuietOnSuccess(true),
        Prop.ForAll(Arb.From(Turns.ListOf(), Shorter), Follow));

    private static IEnumerable<List<Turn>> Shorter(List<Turn> turns) =>
        turns.Select((_, gone) => (List<Turn>)[.. turns.Where((_, place) => place != gone)]);

    private static void Follow(List<Turn> turns)
    {
        using JournalSamples samples = new();
        using Run run = new(samples);
        foreach (Turn turn in turns)
        {
            run.Take(turn);
            run.Compare();
        }
    }

    /// <summary>One thing that happens.</summary>
    /// <param name="Deed">What.</param>
    /// <param name="Job">To which job.</param>
    /// <param name="Retry">Whether a submit may be an uncertain job's.</param>
    /// <param name="Crash">How much of the line reaches the disk before the power goes, in thousandths; null for no crash.</param>
    public sealed record Turn(Deed Deed, int Job, bool Retry, int? Crash);

    private sealed class Run(JournalSamples samples) : IDisposable
    {
        private readonly JobModel[] _models = [new(), new(), new()];
        private JobJournal _journal = samples.Open(static path => new UnsyncedDisk(path));
        private int _tasks;

        public void Take(Turn turn)
        {
            long before = new FileInfo(samples.Path).Length;
            JobModel known = _models[turn.Job];
            _models[turn.Job] = Do(turn, $"x:{turn.Job}", known);
            if (turn.Crash is { } place)
            {
                _journal.Dispose();
                using (FileStream file = new(samples.Path, FileMode.Open))
                {
                    long whole = file.Length;
                    long cut = before + ((whole - before) * place / 1000);
                    file.SetLength(cut);
                    if (cut < whole - 1)
                    {
                        _models[turn.Job] = known;
                    }
                }
            }

            if (turn.Crash is not null || turn.Deed == Deed.Reopen)
            {
                Reopen();
            }
        }

        public void Compare()
        {
            IReadOnlyList<KlingJob> read = JobJournal.Read(samples.Path);
            for (int job = 0; job < _models.Length; job++)
            {
                KlingJob? found = _journal.Find($"x:{job}");
                Assert.Equal((_models[job].State, _models[job].TaskId), (found?.State, found?.TaskId));
                KlingJob? seen = read.SingleOrDefault(candidate => candidate.Key == found?.Key);
                Assert.Equal(
                    (found?.TaskId, found?.ExternalTaskId, found?.Code, found?.InDoubt),
                    (seen?.TaskId, seen?.ExternalTaskId, seen?.Code, seen?.InDoubt));
            }
        }

        public void Dispose() => _journal.Dispose();

        private JobModel Do(Turn turn, string key, JobModel model)
        {
            string taskId = $"t{_tasks++}";
            switch (turn.Deed)
            {
                case Deed.Submit when model.MayBegin(turn.Retry):
                    _journal.SubmittingAsync(key, JournalSamples.Job(externalId: key), turn.Retry).GetAwaiter().GetResult();
                    return model.Begin();
                case Deed.Submit when model.State == KlingJobState.Uncertain:
                    Assert.Throws<KlingException>(Submit);
                    return model;
                case Deed.Submit:
                    Assert.Throws<InvalidOperationException>(Submit);
                    return model;
                case Deed.Accept:
                    _journal.AcceptedAsync(key, JournalSamples.Task(taskId)).GetAwaiter().GetResult();
                    return model.Accept(taskId);
                case Deed.Refuse:
                    _journal.RefusedAsync(key, JournalSamples.Refusal).GetAwaiter().GetResult();
                    return model.Refuse();
                case Deed.Doubt:
                    _journal.UncertainAsync(key, JournalSamples.Doubt).GetAwaiter().GetResult();
                    return model.Doubt();
                default:
                    return model;
            }

            void Submit() => _journal.SubmittingAsync(key, JournalSamples.Job(externalId: key), turn.Retry).GetAwaiter().GetResult();
        }

        private void Reopen()
        {
            _journal.Dispose();
            _journal = samples.Open(static path => new UnsyncedDisk(path));
            for (int job = 0; job < _models.Length; job++)
            {
                _models[job] = _models[job].NextRun();
            }
        }
    }
}
