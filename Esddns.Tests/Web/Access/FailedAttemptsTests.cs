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
        Assert.NotNull(_failures.Begin(Address(1)));
        Assert.Null(_failures.Begin(Address(2)));
    }

    [Fact]
    public void RightCredentials_AreNotCounted_AndForgiveNoWrongOnes()
    {
        for (var i = 0; i < 3 * FailedAttempts.MaxFailures; i++)
        {
            Assert.Null(_failures.Begin(Address(1)));
            _failures.Succeeded(Address(1));
        }

        Exhaust(Address(1));
        Assert.NotNull(_failures.Begin(Address(1)));
    }

    [Fact]
    public void Window_Ends()
    {
        Exhaust(Address(1));
        _time.Advance(FailedAttempts.Window - TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromSeconds(1), _failures.Begin(Address(1)));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(_failures.Begin(Address(1)));
    }

    [Fact]
    public void AddressesOfOneIPv6Network_ShareALimit()
    {
        Exhaust(IPAddress.Parse("2001:db8:0:1::1"));
        Assert.NotNull(_failures.Begin(IPAddress.Parse("2001:db8:0:1:ffff::2")));
        Assert.Null(_failures.Begin(IPAddress.Parse("2001:db8:0:2::1")));
    }

    [Fact]
    public void ManyAddresses_ShareOneLimit_UntilTheOldOnesAreForgotten()
    {
        for (var i = 0; i < FailedAttempts.MaxAddresses; i++)
            Assert.Null(_failures.Begin(Address(i)));
        var refused = Enumerable
            .Range(FailedAttempts.MaxAddresses, 1000)
            .Count(i => _failures.Begin(Address(i)) is not null);
        Assert.Equal(1000 - FailedAttempts.MaxFailures, refused);
        Assert.Null(_failures.Begin(Address(1)));
        _time.Advance(FailedAttempts.Window);
        Assert.Null(_failures.Begin(Address(FailedAttempts.MaxAddresses)));
    }

    private void Exhaust(IPAddress address)
    {
        for (var i = 0; i < FailedAttempts.MaxFailures; i++)
            Assert.Null(_failures.Begin(address));
    }

    private static IPAddress Address(int number) => new([10, 0, (byte)(number >> 8), (byte)number]);
}
