using System.Collections.Immutable;
using System.Net;

namespace Esddns.Operator.Agreement;

/// <summary>
/// The earlier agreement as <see cref="AgreementRule"/> needs it. A change requires more evidence than a confirmation.
/// </summary>
/// <param name="Address">The address that was agreed last; null when there is none.</param>
/// <param name="Providers">The providers that took part in a recent agreement. One that does
/// not answer counts against a change.</param>
/// <param name="RequiresAuthentication">Whether a change requires an authenticated source, if one is
/// configured.</param>
internal sealed record LastAgreement(
    IPAddress? Address,
    ImmutableHashSet<string> Providers,
    bool RequiresAuthentication = true
)
{
    /// <summary>No agreement exists yet.</summary>
    public static LastAgreement Nothing { get; } = new(null, []);
}
