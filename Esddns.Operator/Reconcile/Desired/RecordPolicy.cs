namespace Esddns.Operator.Reconcile.Desired;

/// <summary>How to treat foreign values in an RRset.</summary>
internal enum RecordPolicy
{
    /// <summary>Preserves foreign values. While no value is known to be ours, several values are not changed.</summary>
    Merge,

    /// <summary>Removes foreign values: the RRset belongs to ESDDNS.</summary>
    Replace,

    /// <summary>Writes nothing; reports the planned write.</summary>
    ObserveOnly,
}
