using System.Net;
using Esddns.Web.Access;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Web.Access;

/// <summary>The limit of wrong credentials.</summary>
public sealed class FailedAttemptsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly FailedAttempts _failures;

    public FailedAttemptsTests() => _failures = new FailedAttempts(_time);

    [Fact]
    public void Address_IsLimitedByItself()
    {
        Exhaust(Address(1));
        Assert.NotNull(_failures.WaitOf(Address(1)));
        Assert.Null(_failures.WaitOf(Address(2)));
    }

    [Fact]
    public void Window_Ends()
    {
        Exhaust(Address(1));
        _time.Advance(FailedAttempts.Window - TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromSeconds(1), _failures.WaitOf(Address(1)));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(_failures.WaitOf(Address(1)));
    }

    [Fact]
    public void AddressesOfOneIPv6Network_ShareALimit()
    {
        Exhaust(IPAddress.Parse("2001:db8:0:1::1"));
        Assert.NotNull(_failures.WaitOf(IPAddress.Parse("2001:db8:0:1:ffff::2")));
        Assert.Null(_failures.WaitOf(IPAddress.Parse("2001:db8:0:2::1")));
    }

    [Fact]
    public void ManyAddresses_ShareOneLimit_UntilTheOldOnesAreForgotten()
    {
        for (var i = 0; i < FailedAttempts.MaxAddresses; i++)
            _failures.Add(Address(i));
        var further = Enumerable
            .Range(FailedAttempts.MaxAddresses, FailedAttempts.MaxFailures)
            .Select(Address)
            .ToArray();
        foreach (var address in further)
        {
            Assert.Null(_failures.WaitOf(address));
            _failures.Add(address);
        }

        Assert.All(further, address => Assert.NotNull(_failures.WaitOf(address)));
        Assert.Null(_failures.WaitOf(Address(1)));
        _time.Advance(FailedAttempts.Window);
        Assert.All(further, address => Assert.Null(_failures.WaitOf(address)));
    }

    private void Exhaust(IPAddress address)
    {
        for (var i = 0; i < FailedAttempts.MaxFailures; i++)
        {
            Assert.Null(_failures.WaitOf(address));
            _failures.Add(address);
        }
    }

    private static IPAddress Address(int number) => new([10, 0, (byte)(number >> 8), (byte)number]);
}
