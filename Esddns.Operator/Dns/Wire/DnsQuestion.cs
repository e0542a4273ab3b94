namespace Esddns.Operator.Dns.Wire;

/// <summary>A question (RFC 1035 section 4.1.2).</summary>
/// <param name="Name">The labels joined by dots, without a final dot.</param>
/// <param name="Type">The record type.</param>
/// <param name="Class">The class.</param>
/// <param name="IsRecursive">Whether recursion is desired; false to query only the data of the server itself.</param>
internal sealed record DnsQuestion(string Name, DnsType Type, DnsClass Class = DnsClass.IN, bool IsRecursive = true)
{
    /// <summary>Whether both questions are equal.</summary>
    public bool IsSame(DnsQuestion? other) =>
        other is not null
        && (Type, Class) == (other.Type, other.Class)
        && Name.Equals(other.Name, StringComparison.OrdinalIgnoreCase);
}
