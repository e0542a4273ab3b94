using System.Collections.Immutable;
using Esddns.Operator.Discovery;
using Esddns.Operator.State;

namespace Esddns.Operator.Reconcile;

/// <summary>
/// What this host itself saw in its last round; in a cluster, the published state may be another host's view.
/// </summary>
internal sealed class LocalObservations
{
    private readonly Lock _gate = new();
    private ImmutableArray<WanState> _wan = [];

    /// <summary>The WAN address of each family it looks for.</summary>
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

    /// <summary>The state of a family, if it looks for it.</summary>
    public WanState? WanOf(IpFamily family) => Wan.FirstOrDefault(w => w.Family == family);
}
