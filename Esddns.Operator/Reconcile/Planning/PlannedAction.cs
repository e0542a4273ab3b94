using Esddns.Operator.Dns;

namespace Esddns.Operator.Reconcile.Planning;

/// <summary>The planned action for one RRset.</summary>
internal abstract record PlannedAction
{
    /// <summary>The RRset is already as desired.</summary>
    internal sealed record Noop : PlannedAction;

    /// <summary>Write <paramref name="RRset"/>.</summary>
    internal sealed record Write(RRset RRset) : PlannedAction;

    /// <summary>Preserve the RRset, although it differs from the desired state.</summary>
    internal sealed record Preserve(string Reason) : PlannedAction;

    /// <summary>There is nothing to publish, and no value of ours to remove.</summary>
    internal sealed record Skip(string Reason) : PlannedAction;
}
