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
        await StartWebAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync();
        await _operator.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts the web service again, with these settings.</summary>
    private protected async Task RestartWebAsync(TimeProvider? time, params (string Key, string Value)[] settings)
    {
        await _web.DisposeAsync();
        await StartWebAsync(time, settings);
    }

    /// <summary>Opens the page in this state of the operator.</summary>
    private protected async Task<Visit> OpenAsync(
        StatusDocument? status = null,
        string path = "/",
        int width = 1280,
        bool script = true,
        ColorScheme scheme = ColorScheme.Light,
        Action<BrowserNewContextOptions>? configure = null,
        Uri? site = null
    )
    {
        if (status is not null)
            await PublishAsync(status);
        return await Visit.OpenAsync(
            chromium,
            site ?? _web.Url,
            path,
            options =>
            {
                options.ViewportSize = new() { Width = width, Height = 800 };
                options.JavaScriptEnabled = script;
                options.ColorScheme = scheme;
                configure?.Invoke(options);
            }
        );
    }

    /// <summary>Publishes a status, and waits until the web service has it.</summary>
    private protected async Task PublishAsync(StatusDocument status)
    {
        Publish(status);
        await Support.Eventually.IsTrueAsync(async () => await _web.RoundAsync() == _operator.Round);
    }

    /// <summary>Publishes a status.</summary>
    private protected void Publish(StatusDocument status) =>
        _operator.Publish(status with { Round = _operator.Round + 1 });

    private async Task StartWebAsync(TimeProvider? time = null, params (string Key, string Value)[] settings)
    {
        _web = await WebRun.StartAsync(
            _operator.Url,
            time,
            settings: settings.Select(s => new KeyValuePair<string, string?>(s.Key, s.Value))
        );
        await _web.FollowsAsync();
    }
}
