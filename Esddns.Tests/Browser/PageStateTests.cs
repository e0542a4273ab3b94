using Microsoft.Playwright;

namespace Esddns.Tests.Browser;

/// <summary>The page in each state: right, accessible, for every window, without anything from other hosts.</summary>
public sealed class PageStateTests(Chromium chromium) : BrowserScenario(chromium)
{
    [Theory]
    [MemberData(nameof(PageStates.Names), MemberType = typeof(PageStates))]
    public async Task State_IsAccessible_AndCausesNoErrors(string state)
    {
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await using var visit = await OpenAsync(PageStates.Named(state), scheme: scheme);
            await visit.IsLiveAsync();
            await visit.OpenDetailsAsync();
            await visit.AssertAccessibleAsync();
            visit.AssertClean();
        }
    }

    [Theory]
    [MemberData(nameof(PageStates.Names), MemberType = typeof(PageStates))]
    public async Task State_FitsNarrowAndWideWindows(string state)
    {
        await using var visit = await OpenAsync(PageStates.Named(state), width: 320);
        await visit.OpenDetailsAsync();
        foreach (var width in new[] { 320, 390, 768, 1249, 1280, 1920, 3840 })
        {
            await visit.Page.SetViewportSizeAsync(width, 800);
            await visit.AssertFitsAsync();
        }
    }

    [Theory]
    [InlineData("in sync", "In sync", "home.example.com → 203.0.113.77")]
    [InlineData("no agreement", "Out of sync", "Nothing is changed meanwhile")]
    [InlineData("provider down", "Out of sync", "LiveDNS answered 503 Service Unavailable")]
    [InlineData("drift", "In sync", "192.0.2.99")]
    [InlineData("stale", "Out of date", "the API server timed out")]
    [InlineData("carrier NAT", "In sync", "Ask the internet provider for a public IPv4 address")]
    [InlineData("VPN", "In sync", "Exclude this host from the VPN or proxy")]
    [InlineData("flapping", "Out of sync", "within the hold-down of 5 min")]
    [InlineData("two families", "Out of sync", "This host has no public IPv6 address")]
    [InlineData("cluster", "In sync", "node-1, node-2")]
    [InlineData("many records", "Out of sync", "10 of 10000 records are not up to date")]
    [InlineData("empty", "Unknown", "No records configured")]
    public async Task State_IsShownInWords(string state, string word, string text)
    {
        await using var visit = await OpenAsync(PageStates.Named(state), script: false);
        Assert.StartsWith(word, await visit.Page.TitleAsync(), StringComparison.Ordinal);
        Assert.Contains(word, await visit.Page.Locator("main .state").First.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains(text, await visit.Page.InnerTextAsync("body"), StringComparison.Ordinal);
        visit.AssertClean();
    }

    [Fact]
    public async Task SingleMachine_ShowsNoCluster()
    {
        await using var visit = await OpenAsync();
        Assert.Equal(0, await visit.Page.GetByRole(AriaRole.Heading, new() { Name = "Cluster" }).CountAsync());
        await PublishAsync(PageStates.Cluster);
        await visit.Page.GetByRole(AriaRole.Heading, new() { Name = "Cluster" }).WaitForAsync();
    }

    [Fact]
    public async Task DarkScheme_HasADarkBackground()
    {
        await using var light = await OpenAsync();
        await using var dark = await OpenAsync(scheme: ColorScheme.Dark);
        Assert.InRange(await BrightnessAsync(light), 200, 255);
        Assert.InRange(await BrightnessAsync(dark), 0, 50);
    }

    /// <summary>The sizes on the wire, with the compression that the browser asks for.</summary>
    [Theory]
    [InlineData("in sync")]
    [InlineData("cluster")]
    [InlineData("many records")]
    public async Task Page_WithItsAssets_IsSmall(string state)
    {
        await using var visit = await OpenAsync(PageStates.Named(state));
        var bytes = await visit.Page.EvaluateAsync<int>(
            """
            () => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
                .filter(e => !e.name.endsWith('/events'))
                .reduce((sum, e) => sum + e.encodedBodySize, 0)
            """
        );
        Assert.InRange(bytes, 1_000, 60_000);
        Support.Measured.Add($"page, {state}: {bytes / 1000.0:0.0} kB with all assets");
    }

    [Fact]
    public async Task FirstPaint_NeedsNoScript()
    {
        await using var visit = await OpenAsync();
        Assert.Equal(0, await visit.Page.Locator("script:not([type=module])").CountAsync());
        await using var plain = await OpenAsync(script: false);
        Assert.Equal(
            (await visit.Page.Locator("h1").InnerTextAsync(), 0),
            (
                await plain.Page.Locator("h1").InnerTextAsync(),
                await plain.Page.Locator("button.copy:visible").CountAsync()
            )
        );
        Assert.DoesNotContain(plain.Requests, r => r.Contains("/events", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Filter_WorksWithoutScript_AmongManyRecords()
    {
        await using var visit = await OpenAsync(PageStates.Many, script: false);
        Assert.InRange(await visit.Page.Locator("table.records tbody tr").CountAsync(), 10, 500);
        Assert.Contains(
            "host-9990",
            await visit.Page.Locator("table.records tbody tr").First.InnerTextAsync(),
            StringComparison.Ordinal
        );
        await visit.Page.FillAsync("input[name=name]", "host-0042");
        await visit.Page.PressAsync("input[name=name]", "Enter");
        Assert.Equal(1, await visit.Page.Locator("table.records tbody tr").CountAsync());
        await visit.Page.GotoAsync("/");
        await visit.Page.SelectOptionAsync("select[name=state]", "Failed");
        await visit.Page.PressAsync("input[name=name]", "Enter");
        Assert.Equal(10, await visit.Page.Locator("table.records tbody tr").CountAsync());
        visit.AssertClean();
    }

    private static Task<double> BrightnessAsync(Visit visit) =>
        visit.Page.EvaluateAsync<double>(
            """
            () => getComputedStyle(document.body).backgroundColor.match(/\d+/g).slice(0, 3)
                .reduce((sum, c) => sum + Number(c), 0) / 3
            """
        );
}
