using Esddns.Configuration;
using Esddns.Operator.Dns;
using Esddns.Operator.Reconcile.Desired;

namespace Esddns.Operator.Configuration;

/// <summary>
/// Reads the list <c>Esddns:Records</c>. Each entry names a record by <c>Zone</c> and <c>Name</c>, or by <c>Fqdn</c>
/// alone; the zone of an <c>Fqdn</c> is looked up.
/// </summary>
internal static class RecordSettings
{
    /// <summary>Reads the list. A record may be configured only once, in any spelling.</summary>
    public static IReadOnlyList<DesiredRecord> Read(
        SettingsReader reader,
        string list,
        bool isOptional,
        TtlRange ttlRange
    )
    {
        var records = new Dictionary<RecordId, (DesiredRecord Record, string Entry)>();
        foreach (var entry in reader.Keys(list))
        {
            foreach (var record in ReadOne(reader, entry, ttlRange))
            {
                if (!records.TryAdd(record.Id, (record, entry)))
                    reader.Error(
                        entry,
                        $"{record.Id} is configured twice, here and as {records[record.Id].Entry}; remove one."
                    );
            }
        }

        if (!isOptional && reader.Keys(list).Count == 0)
            reader.Error(
                list,
                "no record is configured; set TARGET_DOMAIN_FQDN to your zone and RECORD_NAME_ROOT to the name in it."
            );
        return [.. records.Values.Select(r => r.Record)];
    }

    private static IEnumerable<DesiredRecord> ReadOne(SettingsReader reader, string entry, TtlRange ttlRange)
    {
        var zone = reader.Value<DomainName?>(
            $"{entry}:Zone",
            null,
            t => (DomainName.TryParse(t, null, out var n), n),
            DomainName.Shape
        );
        var name = reader.Value<OwnerName?>(
            $"{entry}:Name",
            zone is null ? null : OwnerName.Apex,
            t => (OwnerName.TryParse(t, null, out var n), n),
            OwnerName.Shape
        );
        if (reader.IsBlank($"{entry}:Name"))
        {
            reader.Error($"{entry}:Name", "is empty; write @ for the zone itself, or remove the setting.");
            name = null;
        }

        if (zone is not null && name?.MistakeIn(zone) is { } mistake)
        {
            reader.Error($"{entry}:Name", $"{mistake}.");
            name = null;
        }

        var fqdn = reader.Value<Fqdn?>(
            $"{entry}:Fqdn",
            null,
            t => (Fqdn.TryParse(t, null, out var n) && !System.Net.IPAddress.TryParse(t, out _), n),
            DomainName.Shape
        );
        var ttl = reader.Number($"{entry}:Ttl", TtlRange.Default, ttlRange.Min, ttlRange.Max);
        var policy = reader.Choice($"{entry}:Policy", RecordPolicy.Merge);
        var errorCount = reader.Errors.Count;
        var types = Types(reader, $"{entry}:Types");
        var areTypesValid = reader.Errors.Count == errorCount;

        var whenAbsent = reader.Choice($"{entry}:WhenAbsent", AbsencePolicy.Preserve);
        var hostId = ReadHostId(reader, entry);
        if (areTypesValid && hostId is not null && !types.Contains(RecordType.AAAA))
            reader.Error(
                $"{entry}:Types",
                "does not include AAAA, but Suffix or Mac is set; add AAAA, or remove Suffix or Mac."
            );

        if (!TryName(reader, entry, zone, name, ref fqdn))
            return [];
        return types.Select(t => new DesiredRecord(fqdn!, zone, name, t, ttl, policy)
        {
            HostId = hostId,
            WhenAbsent = whenAbsent,
        });
    }

    /// <summary>Reads the name of a record, which has two alternative forms.</summary>
    private static bool TryName(SettingsReader reader, string entry, DomainName? zone, OwnerName? name, ref Fqdn? fqdn)
    {
        if (
            reader.Text($"{entry}:Fqdn") is not null
            && (reader.Text($"{entry}:Zone") ?? reader.Text($"{entry}:Name")) is not null
        )
        {
            reader.Error($"{entry}:Fqdn", "cannot be combined with Zone and Name; remove one of them.");
            return false;
        }

        if (reader.Text($"{entry}:Zone") is null && reader.Text($"{entry}:Fqdn") is null)
        {
            reader.Error($"{entry}:Zone", "missing; set Zone and Name, or set Fqdn to the whole name.");
            return false;
        }

        if (zone is null || name is null)
            return fqdn is not null;
        fqdn = Fqdn.Of(name, zone);
        return true;
    }

    private static HostId? ReadHostId(SettingsReader reader, string entry)
    {
        var prefix = reader.Number($"{entry}:PrefixLength", HostId.DefaultPrefixLength, 1, 127);
        var suffix = reader.Value<HostId?>(
            $"{entry}:Suffix",
            null,
            t => (HostId.TryParse(t, prefix, out var id), id),
            "an interface identifier like ::10, with zeros for the prefix"
        );
        var mac = reader.Value<HostId?>(
            $"{entry}:Mac",
            null,
            t => (HostId.TryParseMac(t, prefix, out var id), id),
            "the MAC address of one host like 02:00:5e:10:00:01, with a prefix of at most 64 bits"
        );
        if (suffix is not null && mac is not null)
            reader.Error($"{entry}:Mac", "cannot be combined with Suffix; remove one of them.");
        return suffix ?? mac;
    }

    private static RecordType[] Types(SettingsReader reader, string key)
    {
        var types = new HashSet<RecordType>();
        var list = reader.List(key) ?? [(key, nameof(RecordType.A))];
        if (list.Count == 0)
            reader.Error(key, "names no record type; write A, AAAA, or both.");
        foreach (var (at, text) in list)
        {
            if (Enum.GetNames<RecordType>().Contains(text))
                types.Add(Enum.Parse<RecordType>(text));
            else
                reader.Error(at, $"'{text}' is not one of A, AAAA.");
        }

        return [.. types];
    }
}
