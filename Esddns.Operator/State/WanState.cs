using System.Collections.Immutable;
using System.Net;
using Esddns.Operator.Agreement;
using Esddns.Operator.Net;

namespace Esddns.Operator.State;

/// <summary>The state of the WAN address of one family.</summary>
internal sealed record WanState(IpFamily Family)
{
    /// <summary>Whether the last round found an address, or its certain absence.</summary>
    public bool IsKnown => Verdict is VerdictKind.Agreed or VerdictKind.Absent;

    /// <summary>The address that was agreed last; rounds without agreement do not change it.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>The agreed address before that one.</summary>
    public IPAddress? Previous { get; init; }

    /// <summary>When this address was first agreed.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The verdict of the last round.</summary>
    public VerdictKind Verdict { get; init; }

    /// <summary>The reason why the last round did not agree.</summary>
    public string? Reason { get; init; }

    /// <summary>Signs of a proxy or VPN, one sentence each.</summary>
    public ImmutableArray<string> Signs
    {
        get;
        init => field = value.IsDefault ? [] : value;
    } = [];

    /// <summary>
    /// Whether an observation shows carrier-grade NAT: the address is correct, but the host cannot be reached from the
    /// internet.
    /// </summary>
    public bool IsBehindCarrierNat { get; init; }

    /// <summary>When the search for an address started; null after the first agreement.</summary>
    public DateTimeOffset? AskedSince { get; init; }

    /// <summary>
    /// The providers that took part in a recent agreement. One that does not answer counts against a change.
    /// </summary>
    public ImmutableArray<Participant> Participants
    {
        get;
        init => field = value.IsDefault ? [] : value;
    } = [];

    /// <summary>When the last round ended.</summary>
    public DateTimeOffset? CheckedAt { get; init; }

    /// <summary>The contribution of each source in the last round.</summary>
    public ImmutableArray<Vote> Votes
    {
        get;
        init => field = value.IsDefault ? [] : value;
    } = [];
}
