using System.Text.RegularExpressions;
using Esddns.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Microsoft.Playwright;

namespace Esddns.Tests.Browser;

/// <summary>The button "Check now": who sees it, what it requests, and what it shows.</summary>
public sealed partial class CheckNowTests(Chromium chromium) : BrowserScenario(chromium)
{
    [Fact]
    public async Task Click_ShowsTheRoundAndItsEnd_WithoutReload()
    {
        var end = HoldRounds();
        await using var visit = await OpenAsync();
        await visit.IsLiveAsync();
        await visit.MarkAsync();
        await Button(visit).ClickAsync();
        await Assertions.Expect(Button(visit)).ToHaveTextAsync("Checking…");
        await Assertions.Expect(Result(visit)).ToHaveTextAsync("The operator runs a round.");
        await Assertions.Expect(visit.Page.Locator("#elapsed")).ToHaveTextAsync(Seconds());
        await visit.AssertAccessibleAsync();
        await PublishAsync(PageStates.ProviderDown);
        await visit.Page.GetByText("LiveDNS answered 503").First.WaitForAsync();
        await Assertions.Expect(Button(visit)).ToHaveTextAsync("Checking…");
        end.SetResult();
        await Assertions.Expect(Result(visit)).ToHaveTextAsync(OutOfSync());
        Assert.Contains($"Round {_operator.Round}:", await Result(visit).InnerTextAsync(), StringComparison.Ordinal);
        await Assertions.Expect(Button(visit)).ToHaveTextAsync("Check now");
        await Assertions.Expect(visit.Page.Locator("#elapsed")).ToBeEmptyAsync();
        await visit.AssertAccessibleAsync();
        await visit.AssertNotReloadedAsync();
        Assert.Equal(1, _operator.Syncs);
        visit.AssertClean();
    }

    [Fact]
    public async Task DoubleClick_AndMoreClicks_RequestOneRound()
    {
        var end = HoldRounds();
        await using var visit = await OpenAsync();
        await visit.IsLiveAsync();
        await Button(visit).DblClickAsync();
        // Forced: Playwright would wait for the end, because the button is disabled.
        await Button(visit).ClickAsync(new() { Force = true });
        await Button(visit).PressAsync("Enter");
        await Eventually.IsTrueAsync(() => _operator.Syncs == 1);
        end.SetResult();
        await Assertions.Expect(Result(visit)).ToHaveTextAsync(InSync());
        Assert.Equal(1, _operator.Syncs);
        Assert.Single(visit.Requests, r => r.EndsWith("/sync", StringComparison.Ordinal));
        visit.AssertClean();
    }

    [Theory]
    [InlineData("Enter")]
    [InlineData(" ")]
    public async Task Keyboard_RequestsARound_AndKeepsTheFocus(string key)
    {
        var end = HoldRounds();
        await using var visit = await OpenAsync();
        await visit.IsLiveAsync();
        await Button(visit).FocusAsync();
        await visit.Page.Keyboard.PressAsync(key);
        await Assertions.Expect(Button(visit)).ToHaveTextAsync("Checking…");
        await Assertions.Expect(Button(visit)).ToBeFocusedAsync();
        await Assertions.Expect(Button(visit)).ToHaveAttributeAsync("aria-disabled", "true");
        end.SetResult();
        await Assertions.Expect(Result(visit)).ToHaveTextAsync(InSync());
        await Assertions.Expect(Button(visit)).ToBeFocusedAsync();
        await Assertions.Expect(Button(visit)).Not.ToHaveAttributeAsync("aria-disabled", "true");
        Assert.Equal(1, _operator.Syncs);
    }

    /// <summary>Screen readers announce the start and the end, but not each second between them.</summary>
    [Fact]
    public async Task StartAndEnd_AreAnnounced_AndThePassingSecondsAreNot()
    {
        var end = HoldRounds();
        await using var visit = await OpenAsync();
        await visit.IsLiveAsync();
        await visit.Page.EvaluateAsync(
            """
            () => {
                window.announced = [];
                for (const region of document.querySelectorAll('output, [role=status], [role=alert], [aria-live]'))
                    new MutationObserver(() => announced.push(region.textContent))
                        .observe(region, { childList: true, characterData: true, subtree: true });
            }
            """
        );
        await Button(visit).ClickAsync();
        await Assertions.Expect(visit.Page.Locator("#elapsed")).ToHaveTextAsync(Seconds());
        end.SetResult();
        await Assertions.Expect(Result(visit)).ToHaveTextAsync(InSync());
        var announced = await visit.Page.EvaluateAsync<string[]>("() => announced");
        Assert.Equal(["The operator runs a round.", await Result(visit).InnerTextAsync()], announced);
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Status).And(Result(visit))).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task SecondCheck_WithinTenSeconds_ShowsWhenToRetry_AndLaterWorks()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await RestartWebAsync(time);
        await using var visit = await OpenAsync();
        await visit.IsLiveAsync();
        await Button(visit).ClickAsync();
        await Assertions.Expect(Result(visit)).ToHaveTextAsync(InSync());
        time.Advance(TimeSpan.FromSeconds(3));
        await Button(visit).ClickAsync();
        await ShowsAsync(visit, "A round was requested just now. Retry in 7 s.");
        Assert.Equal(1, _operator.Syncs);
        time.Advance(TimeSpan.FromSeconds(7));
        await Button(visit).ClickAsync();
        await Assertions.Expect(Result(visit)).ToHaveTextAsync(InSync());
        Assert.Equal(2, _operator.Syncs);
    }

    [Theory]
    [InlineData(403, "", "The operator refuses the request: set Esddns:Api:TokenFile of the operator and")]
    [InlineData(500, "", "The round failed; see the log of the operator for the reason.")]
    [InlineData(503, """{"detail":"<b>the leader</b> has not answered"}""", "<b>the leader</b> has not answered")]
    public async Task Failure_ShowsTheReasonInOneLine(int code, string body, string expected)
    {
        _operator.Sync = context =>
        {
            context.Response.StatusCode = code;
            return context.Response.WriteAsync(body, context.RequestAborted);
        };
        await using var visit = await OpenAsync(width: 320);
        await visit.IsLiveAsync();
        await Button(visit).ClickAsync();
        await ShowsAsync(visit, expected);
        await visit.AssertFitsAsync();
        await visit.AssertAccessibleAsync();
        await Assertions.Expect(Button(visit)).ToHaveTextAsync("Check now");
    }

    [Fact]
    public async Task RoundWithoutEnd_ShowsThatItContinues()
    {
        HoldRounds();
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await RestartWebAsync(time);
        await using var visit = await OpenAsync();
        await visit.IsLiveAsync();
        await Button(visit).ClickAsync();
        await Eventually.IsTrueAsync(() => _operator.Syncs == 1);
        time.Advance(TimeSpan.FromSeconds(55));
        await ShowsAsync(visit, "The round did not end within 55 s. It continues; the page shows its end.");
    }

    [Fact]
    public async Task OperatorAway_ShowsIt_AndABannerToo()
    {
        await using var visit = await OpenAsync();
        await visit.IsLiveAsync();
        await _operator.StopAsync();
        await visit
            .Page.GetByRole(AriaRole.Alert)
            .Filter(new() { HasText = "Cannot reach the operator" })
            .WaitForAsync();
        await Button(visit).ClickAsync();
        await ShowsAsync(visit, "Cannot reach the operator: ");
        await visit.AssertAccessibleAsync();
    }

    [Fact]
    public async Task ServiceAway_ShowsIt()
    {
        await using var visit = await OpenAsync();
        await visit.IsLiveAsync();
        await _web.StopAsync();
        await Button(visit).ClickAsync();
        await ShowsAsync(visit, "Cannot reach the status service.");
        await Assertions.Expect(Button(visit)).ToHaveTextAsync("Check now");
    }

    /// <summary>A proxy between the browser and the service answers with its own page.</summary>
    [Fact]
    public async Task AnswerOfAProxy_ShowsItsStatusCode()
    {
        await using var visit = await OpenAsync();
        await visit.IsLiveAsync();
        await visit.Page.RouteAsync(
            "**/sync",
            route =>
                route.FulfillAsync(
                    new()
                    {
                        Status = 504,
                        ContentType = "text/html",
                        Body = "<h1>nginx</h1>",
                    }
                )
        );
        await Button(visit).ClickAsync();
        await ShowsAsync(visit, "The request failed: 504.");
        Assert.Equal(0, _operator.Syncs);
    }

    [Theory]
    [InlineData("X-Forwarded-For", "203.0.113.9")]
    [InlineData("Forwarded", "for=203.0.113.9")]
    [InlineData("Via", "1.1 proxy")]
    public async Task VisitorThroughAProxy_SeesNoButton(string header, string value)
    {
        await using var visit = await OpenAsync(configure: o => o.ExtraHTTPHeaders = [new(header, value)]);
        await visit.IsLiveAsync();
        await Assertions.Expect(Button(visit)).ToHaveCountAsync(0);
        await PublishAsync(PageStates.ProviderDown);
        await visit.Page.GetByText("LiveDNS answered 503").First.WaitForAsync();
        await Assertions.Expect(Button(visit)).ToHaveCountAsync(0);
        visit.AssertClean();
    }

    [Fact]
    public async Task WithoutScript_PostsTheForm()
    {
        await using var visit = await OpenAsync(script: false);
        await Button(visit).ClickAsync();
        await visit.Page.WaitForURLAsync("**/api/v1/sync");
        Assert.Contains("\"state\":\"InSync\"", await visit.Page.InnerTextAsync("body"), StringComparison.Ordinal);
        Assert.Equal(1, _operator.Syncs);
    }

    internal static ILocator Button(Visit visit) => visit.Page.Locator("#check button");

    internal static ILocator Result(Visit visit) => visit.Page.Locator("#result");

    [GeneratedRegex(@"^Round \d+: in sync, \d+\.\d s\.$")]
    internal static partial Regex InSync();

    [GeneratedRegex(@"^Round \d+: out of sync, \d+\.\d s\.$")]
    private static partial Regex OutOfSync();

    [GeneratedRegex(@"^\d+ (s|min)$")]
    private static partial Regex Seconds();

    /// <summary>The reason of a failure: one line, marked as one.</summary>
    private static async Task ShowsAsync(Visit visit, string expected)
    {
        await Assertions.Expect(Result(visit)).ToContainTextAsync(expected);
        Assert.DoesNotContain("\n", await Result(visit).TextContentAsync(), StringComparison.Ordinal);
        await Assertions.Expect(Result(visit)).ToHaveClassAsync("state bad");
    }

    /// <summary>Rounds end when the returned source completes.</summary>
    private TaskCompletionSource HoldRounds()
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _operator.Sync = context => end.Task.WaitAsync(context.RequestAborted);
        return end;
    }
}
