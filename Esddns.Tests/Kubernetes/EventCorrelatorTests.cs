using Esddns.Operator.Kubernetes.Events;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Kubernetes;

/// <summary>The rate of Events.</summary>
public sealed class EventCorrelatorTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly EventCorrelator _correlator;

    public EventCorrelatorTests() => _correlator = new EventCorrelator(_time);

    [Fact]
    public void RepeatedEvent_IsWrittenThreeTimes_ThenOncePerIntervalWithCount()
    {
        int?[] counts = [.. Enumerable.Range(0, 600).Select(_ => Second())];
        int[] written = [.. counts.OfType<int>()];
        Assert.Equal([1, 2, 3, 303], written);
    }

    [Fact]
    public void EventsOfOneObject_AreBounded_OthersAreNotAffected()
    {
        var written = Enumerable.Range(0, 500).Count(i => _correlator.Add($"event-{i}", "noisy") is not null);
        Assert.Equal(25, written);
        Assert.Equal(1, _correlator.Add("event", "quiet"));
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(1, _correlator.Add("one-more", "noisy"));
        Assert.Null(_correlator.Add("too-many", "noisy"));
    }

    [Fact]
    public void CountOfAnotherLeader_IsContinued()
    {
        _correlator.Add("event", "object");
        _correlator.Correct("event", 41);
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(42, _correlator.Add("event", "object"));
    }

    private int? Second()
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        return _correlator.Add("event", "object");
    }
}
