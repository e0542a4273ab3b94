using Esddns.Contracts;
using Esddns.Tests.Web;
using Microsoft.Playwright;

namespace Esddns.Tests.Browser;

/// <summary>A visitor of the real web service, which follows an operator that the test controls.</summary>
public abstract class BrowserScenario(Chromium chromium) : IAsyncLifetime
{
    private protected LiveOperator _operator = null!;
    private protected WebRun _web = null!;

    public async ValueTask InitializeAsync()
    {
        _operator = await LiveOperator.StartAsync(PageStates.InSync);
        _web = await WebRun.StartAsync(_operator.Url);
        await _web.FollowsAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync();
        await _operator.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens the page in this state of the operator.</summary>
    private protected async Task<Visit> OpenAsync(
        StatusDocument? status = null,
        string path = "/",
        int width = 1280,
        bool script = true,
        ColorScheme scheme = ColorScheme.Light
    )
    {
        if (status is not null)
            await PublishAsync(status);
        return await Visit.OpenAsync(chromium, _web.Url, path, width, script, scheme);
    }

    /// <summary>Publishes a status, and waits until the web service has it.</summary>
    private protected async Task PublishAsync(StatusDocument status)
    {
        var newer = status with { Round = _operator.Round + 1 };
        _operator.Publish(newer);
        await Support.Eventually.IsTrueAsync(async () => await _web.RoundAsync() == newer.Round);
    }
}
