using Esddns.Operator.Dns;

namespace Esddns.Operator.Reconcile.Desired;

/// <summary>The evidence for the addresses that a record should hold. Unknown is not absent.</summary>
internal abstract record Evidence
{
    /// <summary>The addresses are unknown.</summary>
    internal sealed record Unknown(string Reason = "address unknown") : Evidence;

    /// <summary>There are certainly no addresses.</summary>
    internal sealed record Absent : Evidence;

    /// <summary>The addresses are agreed.</summary>
    internal sealed record Agreed(AddressSet Addresses) : Evidence;
}
