using System.Collections.Immutable;
using System.Net;

namespace Esddns.Operator.Agreement;

/// <summary>What the rule has to know of earlier agreements: a change asks for more than a confirmation.</summary>
/// <param name="Address">The address agreed upon before; null when there is none.</param>
/// <param name="Providers">Those whose silence counts against a change, because they took part in an agreement a short
/// while ago.</param>
/// <param name="NeedsWitness">Whether a change needs an authenticated witness, where one is configured.</param>
internal sealed record LastAgreement(IPAddress? Address, ImmutableHashSet<string> Providers, bool NeedsWitness = true)
{
    /// <summary>There was no agreement yet.</summary>
    public static LastAgreement Nothing { get; } = new(null, []);
}
