using Esddns.Contracts;
using Microsoft.Playwright;

namespace Esddns.Tests.Browser;

/// <summary>What a visitor does: keyboard, copy, and a page of hostile text.</summary>
public sealed class InteractionTests(Chromium chromium) : BrowserScenario(chromium)
{
    private const string Hostile =
        "\"'><img src=x onerror=\"window.hacked=1\"><script>window.hacked=1</script>&lt;b&gt;";

    [Fact]
    public async Task Keyboard_ReachesEverything_AndTheFocusIsVisible()
    {
        await using var visit = await OpenAsync(PageStates.Several);
        await visit.IsLiveAsync();
        var all = await visit.Page.EvaluateAsync<int>(
            """
            () => [...document.querySelectorAll('a[href], button, input, select, summary')]
                .filter(e => e.checkVisibility()).length
            """
        );
        Assert.InRange(all, 5, 200);
        for (var i = 0; i < all + 50; i++)
        {
            await visit.Page.Keyboard.PressAsync("Tab");
            if (await visit.Page.EvaluateAsync<bool>("() => document.activeElement === document.body"))
                break;
            var style = await visit.Page.EvaluateAsync<string>(
                """
                () => {
                    const e = document.activeElement;
                    e.reached = true;
                    const style = getComputedStyle(e);
                    return style.outlineStyle === 'none' && style.boxShadow === 'none' ? e.outerHTML : '';
                }
                """
            );
            Assert.Equal("", style);
        }

        var missed = await visit.Page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll('a[href], button, input, select, summary')]
                .filter(e => e.checkVisibility() && !e.reached).map(e => e.outerHTML)
            """
        );
        Assert.Empty(missed);
    }

    [Fact]
    public async Task FirstTab_SkipsToTheRecords()
    {
        await using var visit = await OpenAsync();
        await visit.Page.Keyboard.PressAsync("Tab");
        await visit.Page.Keyboard.PressAsync("Enter");
        Assert.EndsWith("#records", visit.Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CopyButton_CopiesTheAddress()
    {
        await using var visit = await OpenAsync();
        await visit.IsLiveAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Copy" }).First.ClickAsync();
        await visit.Page.GetByText("Copied").WaitForAsync();
        Assert.Equal(
            PageStates.Address,
            await visit.Page.EvaluateAsync<string>("() => navigator.clipboard.readText()")
        );
        visit.AssertClean();
    }

    /// <summary>Every text of the status, as an attacker would choose it, is shown as text.</summary>
    [Theory]
    [InlineData("/")]
    [InlineData("/?name=%22%3E%3Cimg%20src%3Dx%20onerror%3D%22window.hacked%3D1%22%3E&state=%3Cscript%3E")]
    public async Task HostileText_IsShownAsText(string path)
    {
        await using var visit = await OpenAsync(HostileStatus(), path);
        await visit.IsLiveAsync();
        await visit.OpenDetailsAsync();
        await AssertHarmlessAsync(visit);
        await visit.AssertAccessibleAsync();
        visit.AssertClean();
    }

    /// <summary>The same when the script brings it into the open page.</summary>
    [Fact]
    public async Task HostileText_OfALiveUpdate_IsShownAsText_InEachSection()
    {
        await using var visit = await OpenAsync(PageStates.Cluster);
        await visit.IsLiveAsync();
        await PublishAsync(HostileStatus());
        await visit.Page.Locator("main").GetByText("<img src=x").First.WaitForAsync();
        await visit.OpenDetailsAsync();
        await PublishAsync(HostileStatus());
        foreach (
            var region in new[]
            {
                "banner",
                "answer",
                "addresses",
                "records",
                "changes",
                "sources",
                "cluster",
                "footer",
            }
        )
            await Assertions.Expect(visit.Page.Locator($"[data-live={region}]")).ToContainTextAsync("<img src=x");
        await AssertHarmlessAsync(visit);
        visit.AssertClean();
    }

    private static async Task AssertHarmlessAsync(Visit visit)
    {
        const string elements = "img, script:not([src]), b, [onerror], [href^=javascript]";
        Assert.Equal(0, await visit.Page.Locator(elements).CountAsync());
        Assert.False(await visit.Page.EvaluateAsync<bool>("() => 'hacked' in window"));
    }

    /// <summary>A status in which every text contains markup.</summary>
    private static StatusDocument HostileStatus()
    {
        var at = TimeProvider.System.GetUtcNow();
        var record = PageStates.Record(Hostile) with
        {
            Type = Hostile,
            State = Hostile,
            InSync = false,
            Reason = Hostile,
            WantedBy = Hostile,
            Key = new RecordKeyStatus(Hostile, Hostile, Hostile, Hostile),
            Current = [Hostile],
            Desired = [Hostile],
            Foreign = [Hostile],
            Unread = [Hostile],
            Preserved = new PreservedStatus(at, Hostile),
            Sent = new SentStatus([Hostile], Hostile),
            Outcome = Hostile,
            LastError = new ErrorStatus(Hostile, at, Hostile, at),
            LastDrift = new DriftStatus(at, [Hostile], [Hostile]),
            Propagation = new PropagationStatus(
                false,
                [new ServerStatus(Hostile, [Hostile], Hostile, Hostile)],
                3,
                at,
                [Hostile],
                Hostile
            ),
            Href = "javascript:window.hacked=1",
        };
        var wan = PageStates.Wan() with
        {
            Family = Hostile,
            Address = Hostile,
            Verdict = Hostile,
            Signs = [Hostile],
            Reason = Hostile,
            Previous = Hostile,
            Votes = [new VoteStatus(Hostile, Hostile, Hostile, false, Hostile, Hostile, Hostile, 0.1)],
            Participants = [new ParticipantStatus(Hostile, at)],
        };
        return PageStates.Of([.. Enumerable.Range(0, 6).Select(i => record with { Fqdn = $"{Hostile}{i}" })]) with
        {
            InSync = false,
            By = Hostile,
            Leader = Hostile,
            Stale = new StaleStatus(at, Hostile),
            Nodes = [new NodeStatus(Hostile, 1, [Hostile])],
            Wan = [wan, wan with { Family = "IPv6", Verdict = "Disagreed" }],
            History = [new ChangeStatus(at, Hostile, Hostile, [Hostile], [Hostile], Hostile, 1, Hostile)],
            Transitions = [new TransitionStatus(at, Hostile, Hostile, Hostile, Hostile)],
        };
    }
}
