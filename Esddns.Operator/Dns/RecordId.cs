namespace Esddns.Operator.Dns;

/// <summary>
/// The identity of a record: its FQDN and type. The zone is not part of it; see <see cref="RecordKey"/>.
/// </summary>
/// <param name="Fqdn">The name that resolvers query.</param>
/// <param name="Type">The type.</param>
internal readonly record struct RecordId(Fqdn Fqdn, RecordType Type)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Fqdn} {Type}";
}
