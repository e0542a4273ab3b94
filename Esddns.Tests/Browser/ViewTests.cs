using Esddns.Tests.Support;
using Microsoft.Playwright;

namespace Esddns.Tests.Browser;

/// <summary>The page on paper, on a wall, without motion, and what its policy blocks.</summary>
public sealed class ViewTests(Chromium chromium) : BrowserScenario(chromium)
{
    /// <summary>Dark colours would be unreadable on white paper.</summary>
    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Print_HasDarkTextOnWhite_AndNoControls(ColorScheme scheme)
    {
        await using var visit = await OpenAsync(PageStates.Several, scheme: scheme);
        await visit.IsLiveAsync();
        await Assertions.Expect(visit.Page.Locator("button:visible, form:visible")).Not.ToHaveCountAsync(0);
        await visit.Page.EmulateMediaAsync(new() { Media = Media.Print });
        await Assertions.Expect(visit.Page.Locator("button:visible, form:visible, #live:visible")).ToHaveCountAsync(0);
        await Assertions.Expect(visit.Page.Locator("h1")).ToBeVisibleAsync();
        await Assertions.Expect(visit.Page.Locator("body")).ToHaveCSSAsync("background-color", "rgb(255, 255, 255)");
        await visit.AssertAccessibleAsync();
        visit.AssertClean();
    }

    [Fact]
    public async Task Wall_HasLargerText()
    {
        await using var visit = await OpenAsync();
        var sizes = new List<double>();
        foreach (var width in new[] { 1280, 1920, 3840 })
        {
            await visit.Page.SetViewportSizeAsync(width, width * 9 / 16);
            sizes.Add(
                await visit.Page.EvaluateAsync<double>("() => parseFloat(getComputedStyle(document.body).fontSize)")
            );
        }

        Assert.Equal([16, 20, 30], sizes);
    }

    [Theory]
    [InlineData(ReducedMotion.NoPreference, 1)]
    [InlineData(ReducedMotion.Reduce, 0)]
    public async Task Motion_IsOnlyForVisitorsWhoWantIt(ReducedMotion motion, int animations)
    {
        await using var visit = await OpenAsync(configure: o => o.ReducedMotion = motion);
        await visit.IsLiveAsync();
        Assert.Equal(animations, await visit.Page.EvaluateAsync<int>("() => document.getAnimations().length"));
    }

    /// <summary>Without this test, an absent policy would look like one that nothing violates.</summary>
    [Fact]
    public async Task Policy_BlocksWhatAnAttackerWouldAdd_AndTheBrowserReportsIt()
    {
        await using var visit = await OpenAsync();
        await visit.IsLiveAsync();
        visit.AssertClean();
        await visit.Page.EvaluateAsync(
            """
            async () => {
                const script = document.createElement('script');
                script.textContent = 'window.hacked = 1';
                document.body.append(script);
                document.body.insertAdjacentHTML('beforeend', `<p style="color: red">
                    <img src="http://127.0.0.1:9/x"><iframe src="http://127.0.0.1:9/"></iframe>`);
                await fetch('http://127.0.0.1:9/').catch(() => {});
            }
            """
        );
        foreach (var directive in new[] { "script-src-elem", "style-src-attr", "img-src", "frame-src", "connect-src" })
            await Eventually.IsTrueAsync(
                () => visit.Problems.Any(p => p.Contains($"by the policy: {directive}", StringComparison.Ordinal)),
                directive
            );
        Assert.False(await visit.Page.EvaluateAsync<bool>("() => 'hacked' in window"));
    }
}
