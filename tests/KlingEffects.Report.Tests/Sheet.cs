using Microsoft.Playwright;

namespace KlingEffects.Tests;

/// <summary>An open page, and all that it asked for or complained of.</summary>
public sealed class Sheet : IAsyncDisposable
{
    private readonly List<string> _requests = [];
    private readonly List<string> _complaints = [];

    public Sheet(IPage page)
    {
        Page = page;
        page.Request += (_, request) => _requests.Add(request.Url);
        page.Dialog += (_, dialog) => _complaints.Add("dialog: " + dialog.Message);
        page.PageError += (_, error) => _complaints.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _complaints.Add(message.Text);
            }
        };
    }

    public IPage Page { get; }

    public IReadOnlyList<string> Requests => _requests;

    public IReadOnlyList<string> Complaints => _complaints;

    /// <summary>The numbers of the jobs that are shown.</summary>
    public Task<int[]> ShownAsync() =>
        Page.EvaluateAsync<int[]>("() => [...document.querySelectorAll('.job')].filter(job => job.offsetParent).map(job => Number(job.id.slice(4)))");

    /// <summary>Waits until the pictures in view are there.</summary>
    public Task PicturesAsync() => Page.WaitForFunctionAsync(
        "() => [...document.images].filter(image => { const box = image.getBoundingClientRect(); return box.bottom > 0 && box.top < innerHeight }).every(image => image.complete)");

    public ValueTask DisposeAsync() => new(Page.Context.CloseAsync());
}
