using Esddns.Operator.Reconcile;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Reconcile;

/// <summary>The faults that get a log line.</summary>
public sealed class FaultLinesTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly FaultLines<string> _lines;

    public FaultLinesTests() => _lines = new(_time);

    [Fact]
    public void LastingFault_GetsOneLine()
    {
        Assert.True(_lines.IsDue("home", "401"));
        _time.Advance(FaultLines<string>.Pause * 10);
        Assert.False(_lines.IsDue("home", "401"));
        Assert.True(_lines.IsDue("nas", "401"));
    }

    /// <summary>The other reason is not lost: it gets a line when the pause has passed.</summary>
    [Fact]
    public void OtherReason_GetsALineAfterThePause()
    {
        Assert.True(_lines.IsDue("home", "401"));
        Assert.False(_lines.IsDue("home", "503"));
        _time.Advance(FaultLines<string>.Pause);
        Assert.True(_lines.IsDue("home", "503"));
    }

    [Fact]
    public void NextFault_GetsALineAtOnce()
    {
        Assert.True(_lines.IsDue("home", "401"));
        _lines.Ended("home");
        Assert.True(_lines.IsDue("home", "401"));
        _lines.RetainOnly(new HashSet<string>());
        Assert.True(_lines.IsDue("home", "401"));
    }

    /// <summary>The process that stored the fault has logged it.</summary>
    [Fact]
    public void StoredFault_GetsNoLine()
    {
        Assert.False(_lines.IsDue("home", "401", stored: "401"));
        Assert.True(_lines.IsDue("home", "503", stored: "401"));
    }
}
