using System.Net;
using Esddns.Operator.Net;
using Esddns.Text;

namespace Esddns.Operator.Dns.Providers.Gandi;

/// <summary>
/// Converts RRsets from LiveDNS responses. Text values that are not addresses are preserved; other values make the
/// RRset unwritable.
/// </summary>
internal static class RRsetReader
{
    /// <summary>The RRset; null when the operator never manages records of its type or name.</summary>
    public static RRset? Read(LiveDnsRRset item, DomainName zone)
    {
        if (TypeOf(item.Type) is not { } type || !OwnerName.TryParse(item.Name, null, out var name))
            return null;
        var family = type.Family().ToAddressFamily();
        var (addresses, unparsed) = (new List<IPAddress>(), new List<string>());
        var isComplete = item is { Ttl: not null, Values: not null };
        foreach (var value in item.Values ?? [])
        {
            if (AddressText.TryParse(value, out var address) && address.AddressFamily == family)
                addresses.Add(address);
            else if (value is not null && IsPlain(value))
                unparsed.Add(value);
            else
                isComplete = false;
        }

        return new RRset(new RecordKey(zone, name, type), item.Ttl ?? 0, new AddressSet(addresses))
        {
            StoredName = item.Name == name.ToString() ? null : item.Name,
            Unparsed = [.. unparsed],
            Unwritable = isComplete ? null : "the response has no TTL, or a value that is not one short line of text",
        };
    }

    /// <summary>
    /// Merges entries that are one RRset in DNS. LiveDNS distinguishes spellings of a name, and an update changes only
    /// one of them.
    /// </summary>
    public static RRset Merge(IEnumerable<RRset> same)
    {
        // An entry occurs twice when the list changed between two pages.
        RRset[] all = [.. same.GroupBy(r => r.StoredName).Select(g => g.Last())];
        if (all.Length == 1)
            return all[0];
        var names = string.Join(" and ", all.Select(r => $"'{r.StoredName ?? r.Key.Name.ToString()}'"));
        return all[0] with
        {
            Values = all.Aggregate(AddressSet.Empty, (values, r) => values.With(r.Values)),
            Unparsed = [.. all.SelectMany(r => r.Unparsed).Distinct()],
            Unwritable = $"LiveDNS has this record {all.Length} times, as {names}; remove all but one at Gandi",
        };
    }

    private static RecordType? TypeOf(string? type) =>
        type switch
        {
            "A" => RecordType.A,
            "AAAA" => RecordType.AAAA,
            _ => null,
        };

    /// <summary>Whether external text can be stored and displayed unchanged, except for its spaces.</summary>
    private static bool IsPlain(string value) =>
        value.Length <= UntrustedText.MaxLength && WithoutSpaces(UntrustedText.Clean(value)) == WithoutSpaces(value);

    private static string WithoutSpaces(string value) => value.Replace(" ", "", StringComparison.Ordinal);
}
