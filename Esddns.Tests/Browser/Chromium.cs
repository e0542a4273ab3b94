using Esddns.Tests.Browser;
using Esddns.Tests.Support;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace Esddns.Tests.Browser;

/// <summary>
/// One browser for all tests, Debian's Chromium. It starts with the first visit, and reaches this machine only.
/// </summary>
public sealed class Chromium : IAsyncDisposable
{
    private readonly SemaphoreSlim _mutex = new(1);
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Opens a window of its own for a visitor.</summary>
    internal async Task<IBrowserContext> NewContextAsync(BrowserNewContextOptions options)
    {
        var path = Tool.Require("chromium", "chromium");
        await _mutex.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            _playwright ??= await Playwright.CreateAsync();
            _browser ??= await _playwright.Chromium.LaunchAsync(
                new()
                {
                    ExecutablePath = path,
                    // The tests may run as root.
                    Args = ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"],
                }
            );
        }
        finally
        {
            _mutex.Release();
        }

        return await _browser.NewContextAsync(options);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        _mutex.Dispose();
    }
}
