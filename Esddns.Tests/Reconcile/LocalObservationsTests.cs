using Esddns.Operator.Net;
using Esddns.Operator.Reconcile.Addresses;
using Esddns.Operator.State;

namespace Esddns.Tests.Reconcile;

public sealed class LocalObservationsTests
{
    [Fact]
    public void WanOf_ReturnsTheFamily()
    {
        var view = new LocalObservations { Wan = [new WanState(IpFamily.IPv6) { Reason = "six" }] };
        Assert.Equal("six", view.WanOf(IpFamily.IPv6)?.Reason);
        Assert.Null(view.WanOf(IpFamily.IPv4));
    }
}
