using Microsoft.Playwright;

namespace Esddns.Tests.Browser;

/// <summary>The open page follows the state without a reload, and keeps what the visitor does in it.</summary>
public sealed class LivePageTests(Chromium chromium) : BrowserScenario(chromium)
{
    [Fact]
    public async Task NewState_AppearsWithoutReload_InTextTitleAndIcon()
    {
        await using var visit = await OpenAsync();
        await visit.IsLiveAsync();
        await visit.MarkAsync();
        var icon = await IconAsync(visit);
        await PublishAsync(PageStates.ProviderDown);
        await visit.Page.GetByText("LiveDNS answered 503").First.WaitForAsync();
        Assert.StartsWith("Out of sync", await visit.Page.TitleAsync(), StringComparison.Ordinal);
        Assert.NotEqual(icon, await IconAsync(visit));
        await PublishAsync(PageStates.InSync);
        await visit.Page.Locator("main .state", new() { HasText = "In sync" }).First.WaitForAsync();
        Assert.Equal(icon, await IconAsync(visit));
        await visit.AssertNotReloadedAsync();
        visit.AssertClean();
    }

    [Fact]
    public async Task OperatorRestarts_PageShowsABannerUntilItIsBack()
    {
        await using var visit = await OpenAsync();
        await visit.IsLiveAsync();
        await visit.MarkAsync();
        await _operator.StopAsync();
        var banner = visit.Page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "Cannot reach the operator" });
        await banner.WaitForAsync();
        Assert.StartsWith("Out of date", await visit.Page.TitleAsync(), StringComparison.Ordinal);
        Assert.Contains(PageStates.Address, await visit.Page.InnerTextAsync("main"), StringComparison.Ordinal);
        await visit.AssertAccessibleAsync();
        await _operator.StartAsync();
        await banner.WaitForAsync(new() { State = WaitForSelectorState.Detached });
        Assert.StartsWith("In sync", await visit.Page.TitleAsync(), StringComparison.Ordinal);
        await visit.AssertNotReloadedAsync();
        visit.AssertClean();
    }

    /// <summary>The browser logs each failed connection itself, so its log is not checked here.</summary>
    [Fact]
    public async Task ServiceRestarts_PageShowsItUntilItIsBack()
    {
        await using var visit = await OpenAsync();
        await visit.IsLiveAsync();
        await visit.MarkAsync();
        var banner = visit.Page.GetByText("This page cannot reach the status service");
        await Assertions.Expect(banner).Not.ToBeVisibleAsync();
        await _web.StopAsync();
        await banner.WaitForAsync();
        await Assertions.Expect(visit.Page.Locator("#live")).ToHaveTextAsync("reconnecting");
        await visit.AssertAccessibleAsync();
        await RestartWebAsync(null, ("urls", _web.Url.ToString()));
        await visit.IsLiveAsync();
        await Assertions.Expect(banner).Not.ToBeVisibleAsync();
        await PublishAsync(PageStates.ProviderDown);
        await visit.Page.GetByText("LiveDNS answered 503").First.WaitForAsync();
        await visit.AssertNotReloadedAsync();
    }

    [Fact]
    public async Task FirstStart_WithoutState_ShowsIt_AndTheStateWhenItComes()
    {
        await _operator.StopAsync();
        await using var web = await Tests.Web.WebRun.StartAsync(_operator.Url);
        await using var visit = await OpenAsync(site: web.Url);
        await visit.IsLiveAsync();
        await visit.MarkAsync();
        Assert.StartsWith("No status", await visit.Page.TitleAsync(), StringComparison.Ordinal);
        await visit.Page.GetByText("The operator has not reported a status since this service started").WaitForAsync();
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await visit.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await visit.AssertAccessibleAsync();
        }

        foreach (var width in new[] { 320, 3840 })
        {
            await visit.Page.SetViewportSizeAsync(width, 800);
            await visit.AssertFitsAsync();
        }

        await _operator.StartAsync();
        await visit.Page.Locator("main .state", new() { HasText = "In sync" }).First.WaitForAsync();
        await visit.Page.GetByText(PageStates.Address).First.WaitForAsync();
        Assert.StartsWith("In sync", await visit.Page.TitleAsync(), StringComparison.Ordinal);
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
        await Assertions
            .Expect(visit.Page.Locator("[data-live=footer]"))
            .ToContainTextAsync($"Round {_operator.Round} on");
        await visit.AssertAccessibleAsync();
        await visit.AssertNotReloadedAsync();
        visit.AssertClean();
    }

    [Fact]
    public async Task NewState_KeepsOpenDetails_Input_AndFocus()
    {
        var records = PageStates.Several.Records;
        await using var visit = await OpenAsync(PageStates.Several);
        await visit.IsLiveAsync();
        var details = visit.Page.Locator("details").First;
        await details.Locator("summary").ClickAsync();
        await visit.Page.FillAsync("input[name=name]", "ww");
        await PublishAsync(
            PageStates.Of([records[0] with { Ttl = 60 }, .. records[1..^1], records[^1] with { Ttl = 1234 }])
        );
        await visit.Page.GetByText("1234").WaitForAsync();
        Assert.NotNull(await details.GetAttributeAsync("open"));
        Assert.Equal("ww", await visit.Page.InputValueAsync("input[name=name]"));
        Assert.Equal("name", await visit.Page.EvaluateAsync<string>("() => document.activeElement.name"));
        visit.AssertClean();
    }

    [Fact]
    public async Task Times_AreRelative_AndTheirTitleIsLocal()
    {
        await using var visit = await OpenAsync();
        await visit.IsLiveAsync();
        var time = visit.Page.Locator("main time").First;
        await Assertions.Expect(time).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("ago|just now"));
        Assert.NotEmpty((await time.GetAttributeAsync("title"))!);
        Assert.EndsWith("Z", await time.GetAttributeAsync("datetime"), StringComparison.Ordinal);
    }

    private static Task<string?> IconAsync(Visit visit) =>
        visit.Page.Locator("link[rel=icon]").GetAttributeAsync("href");
}
