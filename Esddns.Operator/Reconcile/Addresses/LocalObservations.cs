using System.Collections.Immutable;
using Esddns.Operator.Net;
using Esddns.Operator.State;

namespace Esddns.Operator.Reconcile.Addresses;

/// <summary>
/// The observations of this host in its last round. In a cluster, the published state may be the view of another host.
/// </summary>
internal sealed class LocalObservations
{
    private readonly Lock _gate = new();
    private ImmutableArray<WanState> _wan = [];

    /// <summary>The WAN state of each family that this host polls.</summary>
    public ImmutableArray<WanState> Wan
    {
        get
        {
            lock (_gate)
                return _wan;
        }
        set
        {
            lock (_gate)
                _wan = value;
        }
    }

    /// <summary>The WAN state of a family; null when this host does not poll it.</summary>
    public WanState? WanOf(IpFamily family) => Wan.FirstOrDefault(w => w.Family == family);
}
