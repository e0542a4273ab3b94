using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Gandi;
using Esddns.Operator.Reconcile;

namespace Esddns.Operator.Configuration;

/// <summary>
/// The list <c>Esddns:Records</c>. Each entry names a record by <c>Zone</c> and <c>Name</c>, or by <c>Fqdn</c> alone, and then its zone
/// is looked up.
/// </summary>
internal static class RecordSettings
{
    private const int DefaultTtl = 300;

    /// <summary>Reads the list; an RRset may be named once.</summary>
    public static IReadOnlyList<DesiredRecord> Read(SettingsReader reader, string list, bool isOptional)
    {
        var records = new List<DesiredRecord>();
        foreach (var entry in reader.Keys(list)) records.AddRange(ReadOne(reader, entry));
        if (!isOptional && reader.Keys(list).Count == 0)
            reader.Error(list, "no record; set TARGET_DOMAIN_FQDN to your zone and RECORD_NAME_ROOT to the name in it.");
        foreach (var twice in records.GroupBy(r => (r.Fqdn.ToUpperInvariant(), r.Type)).Where(g => g.Count() > 1))
            reader.Error(list, $"{twice.First().Fqdn} {twice.Key.Type} is there {twice.Count()} times; leave one of them.");
        return records;
    }

    private static IEnumerable<DesiredRecord> ReadOne(SettingsReader reader, string entry)
    {
        var zone = reader.Value<DomainName?>($"{entry}:Zone", null, t => (DomainName.TryParse(t, null, out var n), n), DomainName.Shape);
        var name = reader.Value<OwnerName?>($"{entry}:Name", zone is null ? null : OwnerName.Apex, t => (OwnerName.TryParse(t, null, out var n), n), OwnerName.Shape);
        if (zone is not null && name is not null && EndsWith(name, zone))
        {
            reader.Error($"{entry}:Name",
                $"'{name}' ends with the zone {zone}; write only what stands before it, or @ for the zone itself.");
            name = null;
        }

        var fqdn = reader.Value<string?>($"{entry}:Fqdn", null, t => (DomainName.TryParse(t.StartsWith("*.", StringComparison.Ordinal) ? t[2..] : t, null, out _), t.TrimEnd('.')), DomainName.Shape);
        var ttl = reader.Number($"{entry}:Ttl", DefaultTtl, LiveDnsOptions.MinTtl, LiveDnsOptions.MaxTtl);
        var policy = reader.Choice($"{entry}:Policy", RecordPolicy.Merge);
        var types = Types(reader, $"{entry}:Types");

        var whenAbsent = reader.Choice($"{entry}:WhenAbsent", AbsencePolicy.Preserve);
        var hostId = ReadHostId(reader, entry);
        if (hostId is not null && !types.Contains(RecordType.AAAA))
            reader.Error($"{entry}:Types", "a Suffix or Mac is for AAAA records; add AAAA to the types, or leave it out.");

        if (fqdn is not null && zone is null && name is null)
            return types.Select(t => new DesiredRecord(fqdn, null, null, t, ttl, policy) { HostId = hostId, WhenAbsent = whenAbsent });
        if (zone is not null && name is not null && fqdn is null)
            return types.Select(t => new DesiredRecord(new RecordKey(zone, name, t).Fqdn, zone, name, t, ttl, policy) { HostId = hostId, WhenAbsent = whenAbsent });
        if (reader.Text($"{entry}:Zone") is null && reader.Text($"{entry}:Fqdn") is null)
            reader.Error($"{entry}:Zone", "missing; name the zone (and the Name in it), or the whole name as Fqdn.");
        else if (fqdn is not null) reader.Error($"{entry}:Fqdn", "is there beside Zone or Name; name the record in one way.");
        return [];
    }

    private static bool EndsWith(OwnerName name, DomainName zone)
    {
        var text = name.ToString();
        if (text.StartsWith("*.", StringComparison.Ordinal)) text = text[2..];
        return DomainName.TryParse(text, null, out var whole) && whole.IsWithin(zone);
    }

    private static HostId? ReadHostId(SettingsReader reader, string entry)
    {
        var prefix = reader.Number($"{entry}:PrefixLength", HostId.DefaultPrefixLength, 1, 127);
        var suffix = reader.Value<HostId?>($"{entry}:Suffix", null, t => (HostId.TryParse(t, prefix, out var id), id), "the end of an IPv6 address like ::10");
        var mac = reader.Value<HostId?>($"{entry}:Mac", null, t => (HostId.TryParseMac(t, prefix, out var id), id), "a MAC address like 02:00:5e:10:00:01");
        if (suffix is not null && mac is not null) reader.Error($"{entry}:Mac", "is there beside Suffix; name the host in one way.");
        return suffix ?? mac;
    }

    private static RecordType[] Types(SettingsReader reader, string key)
    {
        var types = new HashSet<RecordType>();
        foreach (var (at, text) in reader.List(key) ?? [(key, nameof(RecordType.A))])
        {
            if (Enum.GetNames<RecordType>().Contains(text)) types.Add(Enum.Parse<RecordType>(text));
            else reader.Error(at, $"'{text}' is not one of A, AAAA.");
        }

        return [.. types];
    }
}
