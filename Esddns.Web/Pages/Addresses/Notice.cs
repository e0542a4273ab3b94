using Esddns.Contracts;
using Esddns.Web.Pages.Texts;

namespace Esddns.Web.Pages.Addresses;

/// <summary>An unusual finding about an address.</summary>
/// <param name="Title">The finding in a few words.</param>
/// <param name="Text">What was seen.</param>
/// <param name="Advice">What to do.</param>
internal sealed record Notice(string Title, string Text, string Advice)
{
    /// <summary>The maximum number of notices of one family.</summary>
    private const int Max = 10;

    /// <summary>The notices about the address of a family.</summary>
    public static IReadOnlyList<Notice> Of(WanStatus wan)
    {
        var notices = new List<Notice>();
        foreach (var sign in wan.Signs.Take(Max))
            notices.Add(wan.IsBehindCarrierNat && IsCarrierNat(sign) ? CarrierNat(sign) : Proxy(sign));
        if (wan.IsBehindCarrierNat && !wan.Signs.Any(IsCarrierNat))
            notices.Add(CarrierNat("a source reports an address that the internet provider shares among subscribers"));
        if (
            wan is { Verdict: "Disagreed", Reason: { } reason }
            && reason.Contains("within the hold-down", StringComparison.Ordinal)
        )
            notices.Add(Flapping(reason));
        return notices;
    }

    private static bool IsCarrierNat(string sign) => sign.Contains("carrier-grade NAT", StringComparison.Ordinal);

    private static Notice CarrierNat(string text) =>
        new(
            "Carrier-grade NAT",
            Phrases.Sentence(text),
            "Ask the internet provider for a public IPv4 address of your own, or publish IPv6 only."
        );

    private static Notice Proxy(string text) =>
        new(
            "VPN or proxy",
            Phrases.Sentence(text),
            "Exclude this host from the VPN or proxy, or expect the records to show its exit."
        );

    private static Notice Flapping(string text) =>
        new(
            "The address flaps",
            Phrases.Sentence(text),
            "Check the router's connection. The records change only when the address stays the same."
        );
}
