namespace Esddns.Operator.Dns;

/// <summary>
/// The identity of a record: its FQDN and type. The zone is not part of it; see <see cref="RecordKey"/>.
/// </summary>
/// <param name="Fqdn">The name that resolvers query.</param>
/// <param name="Type">The type.</param>
internal readonly record struct RecordId(Fqdn Fqdn, RecordType Type)
{
    /// <summary>Parses a name and a type.</summary>
    public static bool TryParse(string name, string type, out RecordId id)
    {
        id = default;
        if (
            !Fqdn.TryParse(name, null, out var fqdn)
            || !Enum.TryParse<RecordType>(type, out var known)
            || !Enum.IsDefined(known)
        )
            return false;
        id = new RecordId(fqdn, known);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Fqdn} {Type}";
}
