using Esddns.Contracts;
using Esddns.Web.Pages.Texts;

namespace Esddns.Web.Pages.Addresses;

/// <summary>The public address of one family, with the evidence for it.</summary>
/// <param name="Tone">How good the verdict is.</param>
/// <param name="Verdict">The verdict in a few words.</param>
/// <param name="Evidence">Who reported what, in one or two sentences.</param>
/// <param name="Notices">What is unusual and what to do about it.</param>
internal sealed record AddressCard(Tone Tone, string Verdict, string Evidence, IReadOnlyList<Notice> Notices)
{
    /// <summary>The card of a family.</summary>
    public static AddressCard Of(WanStatus wan) =>
        wan.Verdict switch
        {
            "Agreed" => new(Tone.Good, "agreed", Agreement(wan), Notice.Of(wan)),
            "Disagreed" => new(
                Tone.Bad,
                "no agreement",
                $"The sources report different addresses{Reason(wan)}. {Meanwhile(wan)}",
                Notice.Of(wan)
            ),
            "Insufficient" => new(
                Tone.Bad,
                "too little evidence",
                $"Too few sources report an address{Reason(wan)}. {Meanwhile(wan)}",
                Notice.Of(wan)
            ),
            "Absent" => new(Tone.Neutral, "none", $"This host has no public {wan.Family} address.", Notice.Of(wan)),
            "Unknown" => new(Tone.Unknown, "not checked yet", "No round has completed yet.", Notice.Of(wan)),
            var other => new(Tone.Unknown, other, Meanwhile(wan), Notice.Of(wan)),
        };

    private static string Reason(WanStatus wan) => wan.Reason is { } reason ? $": {reason.TrimEnd('.')}" : "";

    private static string Meanwhile(WanStatus wan) =>
        wan.Address is { } address
            ? $"Nothing is changed meanwhile: the records keep {address}."
            : "Nothing is changed meanwhile.";

    private static string Agreement(WanStatus wan)
    {
        var agreeing = Array.FindAll(wan.Votes, v => v.Counted && v.Address == wan.Address);
        if (agreeing.Length == 0)
            return "";
        var providers = agreeing.Select(ProviderOf).Distinct(StringComparer.Ordinal).Count();
        var methods = Phrases.And([.. agreeing.Select(v => Phrases.Method(v.Class)).Distinct(StringComparer.Ordinal)]);
        var text =
            providers == 1
                ? $"1 provider reports it, by {methods}."
                : $"{providers} independent providers agree, by {methods}.";
        var others = wan.Votes.Count(v => v.Address is { } address && address != wan.Address);
        return others == 0 ? text : $"{text} {Phrases.Count(others, "source")} reported something else.";
    }

    private static string ProviderOf(VoteStatus vote) => vote.Provider.Length > 0 ? vote.Provider : vote.Source;
}
