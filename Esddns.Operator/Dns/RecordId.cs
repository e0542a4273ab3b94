namespace Esddns.Operator.Dns;

/// <summary>
/// The identity of a record, wherever it is wanted, kept, compared or shown: its name and type. In which zone it lives
/// is where it was found to be (<see cref="RecordKey"/>), not what it is.
/// </summary>
/// <param name="Fqdn">The name that resolvers ask for.</param>
/// <param name="Type">The type.</param>
internal readonly record struct RecordId(Fqdn Fqdn, RecordType Type)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Fqdn} {Type}";
}
