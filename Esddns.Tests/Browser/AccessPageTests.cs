using Esddns.Tests.Web.Access;
using Microsoft.Playwright;

namespace Esddns.Tests.Browser;

/// <summary>The page when the service wants credentials: for everything, or for rounds only.</summary>
public sealed class AccessPageTests(Chromium chromium) : BrowserScenario(chromium), IDisposable
{
    private readonly SecretText _passwords = new("alice:correct horse\n");

    public void Dispose() => _passwords.Dispose();

    [Fact]
    public async Task Closed_WithPassword_PageAndLiveUpdatesAndCheckNowWork()
    {
        await CloseAsync();
        await using var visit = await OpenAsync(configure: With("correct horse"));
        Assert.Equal(200, visit.Answer?.Status);
        await visit.IsLiveAsync();
        await visit.MarkAsync();
        Publish(PageStates.ProviderDown);
        await visit.Page.GetByText("LiveDNS answered 503").First.WaitForAsync();
        await CheckNowTests.Button(visit).ClickAsync();
        await Assertions
            .Expect(CheckNowTests.Result(visit))
            .ToContainTextAsync($"Round {_operator.Round}: out of sync");
        Assert.Equal(1, _operator.Syncs);
        await visit.AssertNotReloadedAsync();
        visit.AssertClean();
    }

    [Fact]
    public async Task Closed_WithWrongPassword_Is401_AndShowsNothing()
    {
        await CloseAsync();
        await using var visit = await OpenAsync(configure: With("wrong horse"));
        Assert.Equal(401, visit.Answer?.Status);
        var text = await visit.Page.InnerTextAsync("body");
        Assert.DoesNotContain(PageStates.Home, text, StringComparison.Ordinal);
        Assert.DoesNotContain(PageStates.Address, text, StringComparison.Ordinal);
    }

    /// <summary>A browser asks its user for the password; this one has no user, and gives up.</summary>
    [Fact]
    public async Task Closed_WithoutPassword_TheBrowserAsksForIt()
    {
        await CloseAsync();
        var e = await Assert.ThrowsAsync<PlaywrightException>(() => OpenAsync());
        Assert.Contains("ERR_INVALID_AUTH_CREDENTIALS", e.Message, StringComparison.Ordinal);
        using var answer = await _web.GetAsync("/");
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    /// <summary>Everyone reads; a visitor through a proxy needs the password for rounds.</summary>
    [Fact]
    public async Task Open_ThroughAProxy_ButtonIsForVisitorsWithPassword()
    {
        await RestartWebAsync(
            null,
            ("Esddns:Web:Access:Reading", "Open"),
            ("Esddns:Web:Access:PasswordFile", _passwords.Path)
        );
        await using var anonymous = await OpenAsync(configure: ThroughAProxy);
        await anonymous.IsLiveAsync();
        await Assertions.Expect(CheckNowTests.Button(anonymous)).ToHaveCountAsync(0);
        anonymous.AssertClean();
        await using var known = await OpenAsync(configure: options =>
        {
            ThroughAProxy(options);
            options.ExtraHTTPHeaders = [.. options.ExtraHTTPHeaders!, new(Header.Name, Header.Value)];
        });
        await known.IsLiveAsync();
        await CheckNowTests.Button(known).ClickAsync();
        await Assertions.Expect(CheckNowTests.Result(known)).ToHaveTextAsync(CheckNowTests.InSync());
        Assert.Equal(1, _operator.Syncs);
        known.AssertClean();
    }

    private static (string Name, string Value) Header => SecretText.Basic("alice:correct horse");

    private static void ThroughAProxy(BrowserNewContextOptions options) =>
        options.ExtraHTTPHeaders = [new("X-Forwarded-For", "203.0.113.9")];

    private static Action<BrowserNewContextOptions> With(string password) =>
        options => options.HttpCredentials = new() { Username = "alice", Password = password };

    private Task CloseAsync() => RestartWebAsync(null, ("Esddns:Web:Access:PasswordFile", _passwords.Path));
}
