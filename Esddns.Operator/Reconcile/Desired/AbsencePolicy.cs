namespace Esddns.Operator.Reconcile.Desired;

/// <summary>What happens to our value when the host no longer has an address of the family.</summary>
internal enum AbsencePolicy
{
    /// <summary>Preserves the value.</summary>
    Preserve,

    /// <summary>Removes the value, if the other family shows that the internet is reachable.</summary>
    Remove,
}
