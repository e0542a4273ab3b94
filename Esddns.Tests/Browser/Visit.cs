using System.Collections.Concurrent;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Esddns.Tests.Browser;

/// <summary>A visitor of the status page, and everything that the browser reports about it.</summary>
internal sealed class Visit : IAsyncDisposable
{
    /// <summary>Reports what the policy of the page blocks.</summary>
    private const string ReportViolations = """
        addEventListener('securitypolicyviolation',
            e => console.error(`blocked by the policy: ${e.violatedDirective} ${e.blockedURI}`));
        """;

    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _problems = [];
    private readonly ConcurrentQueue<string> _requests = [];
    private readonly Uri _site;

    private Visit(IBrowserContext context, IPage page, Uri site) => (_context, Page, _site) = (context, page, site);

    /// <summary>The page.</summary>
    public IPage Page { get; }

    /// <summary>The first answer of the service.</summary>
    public IResponse? Answer { get; private set; }

    /// <summary>What the browser has reported: errors, warnings, and what the policy of the page blocks.</summary>
    public IReadOnlyCollection<string> Problems => _problems;

    /// <summary>The addresses that the browser has requested.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    /// <summary>Opens the page.</summary>
    /// <param name="chromium">The browser.</param>
    /// <param name="site">The address of the web service.</param>
    /// <param name="path">The path and query of the page.</param>
    /// <param name="configure">Sets the options of the browser.</param>
    public static async Task<Visit> OpenAsync(
        Chromium chromium,
        Uri site,
        string path,
        Action<BrowserNewContextOptions> configure
    )
    {
        var options = new BrowserNewContextOptions
        {
            BaseURL = site.ToString(),
            ReducedMotion = ReducedMotion.Reduce,
            Permissions = ["clipboard-read", "clipboard-write"],
        };
        configure(options);
        var context = await chromium.NewContextAsync(options);
        var visit = new Visit(context, await context.NewPageAsync(), site);
        visit.Page.SetDefaultTimeout(60_000);
        visit.Watch();
        if (options.JavaScriptEnabled != false)
            await visit.Page.AddInitScriptAsync(ReportViolations);
        visit.Answer = await visit.Page.GotoAsync(path);
        return visit;
    }

    /// <summary>Waits until the page follows the state.</summary>
    public Task IsLiveAsync() => Page.Locator("#live", new() { HasText = "live" }).WaitForAsync();

    /// <summary>Opens all evidence.</summary>
    public Task OpenDetailsAsync() =>
        Page.Locator("details").EvaluateAllAsync<object?>("all => all.forEach(d => { d.open = true; })");

    /// <summary>Remembers the document; see <see cref="AssertNotReloadedAsync"/>.</summary>
    public Task MarkAsync() => Page.EvaluateAsync("() => { window.sameDocument = true; }");

    /// <summary>Checks that the document is the one of <see cref="MarkAsync"/>.</summary>
    public async Task AssertNotReloadedAsync() =>
        Assert.True(await Page.EvaluateAsync<bool>("() => window.sameDocument === true"));

    /// <summary>Checks that the browser has reported no error, and has requested nothing from another host.</summary>
    public void AssertClean()
    {
        Assert.Empty(_problems);
        Assert.All(_requests, r => Assert.Equal(_site.Authority, new Uri(r).Authority));
    }

    /// <summary>Checks the accessibility of the page as it is now.</summary>
    public async Task AssertAccessibleAsync()
    {
        var result = await Page.RunAxe();
        Assert.Empty(
            result.Violations.SelectMany(v =>
                v.Nodes.Select(n => $"{v.Id}: {v.Help}: {n.Html}: {string.Join("; ", n.Any.Select(a => a.Message))}")
            )
        );
    }

    /// <summary>Checks that the window does not scroll sideways.</summary>
    public async Task AssertFitsAsync()
    {
        var tooWide = await Page.EvaluateAsync<string[]>(
            """
            () => document.documentElement.scrollWidth <= innerWidth ? [] :
                [...document.body.querySelectorAll('*')]
                    .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
                    .map(e => e.outerHTML.slice(0, 120))
            """
        );
        Assert.Empty(tooWide);
    }

    public async ValueTask DisposeAsync() => await _context.CloseAsync();

    private void Watch()
    {
        Page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                _problems.Enqueue($"{message.Type}: {message.Text} {message.Location}");
        };
        Page.PageError += (_, error) => _problems.Enqueue(error);
        Page.Dialog += (_, dialog) => _problems.Enqueue($"dialog: {dialog.Message}");
        Page.Request += (_, request) => _requests.Enqueue(request.Url);
    }
}
