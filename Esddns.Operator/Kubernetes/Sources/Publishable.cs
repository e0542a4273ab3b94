using System.Net;
using Esddns.Operator.Dns;
using Esddns.Operator.Reconcile;

namespace Esddns.Operator.Kubernetes.Sources;

/// <summary>Which addresses found in the cluster may be published.</summary>
/// <param name="rangeOf">The special-purpose range because of which an address does not count; null when it
/// counts.</param>
internal sealed class Publishable(Func<IPAddress, string?> rangeOf)
{
    /// <summary>So many addresses a record takes; the state and a DNS answer have to hold them.</summary>
    public const int MaxAddresses = 100;

    /// <summary>The ranges of a network of one's own (RFC 1918, RFC 6598, RFC 4193).</summary>
    private static readonly HashSet<string> s_internal = ["private-use", "shared-address-space", "unique-local"];

    /// <summary>
    /// What a record of the type should hold. Addresses of special-purpose ranges are left out, unless the
    /// configuration allows them: the internet does not reach them. No address is unknown, never empty.
    /// </summary>
    /// <param name="found">Addresses of any family.</param>
    /// <param name="type">The record's type.</param>
    /// <param name="nothing">The reason when there is no address.</param>
    /// <param name="isInternal">Whether addresses of an internal network were asked for in so many words.</param>
    public Evidence Of(IEnumerable<IPAddress> found, RecordType type, string nothing, bool isInternal = false)
    {
        var addresses = AddressSources.OfType(found, type);
        var usable = new AddressSet(addresses.Where(a => Refusal(a, isInternal) is null));
        if (usable.Count > MaxAddresses)
            return new Evidence.Unknown(
                $"there are {usable.Count} addresses, and a record takes {MaxAddresses}; "
                    + "choose fewer nodes with a selector"
            );
        if (usable.Count > 0)
            return new Evidence.Agreed(usable);
        return addresses.FirstOrDefault() is { } refused
            ? new Evidence.Unknown(
                $"{refused} is not published: it is of the range {Refusal(refused, isInternal)}, "
                    + "which the internet cannot reach; to publish it all the same, "
                    + "allow the range in Esddns:Agreement:AllowedRanges"
            )
            : new Evidence.Unknown(nothing);
    }

    private string? Refusal(IPAddress address, bool isInternal) =>
        rangeOf(address) is { } range && !(isInternal && s_internal.Contains(range)) ? range : null;
}
