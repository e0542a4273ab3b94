using Esddns.Operator.Discovery;

namespace Esddns.Operator.Agreement;

/// <summary>
/// The evidence for address translation at the internet provider: an address of the range between subscriber and
/// carrier (RFC 6598), or of the range of DS-Lite and 464XLAT (RFC 7335). What the outside sees is then shared with
/// others.
/// </summary>
internal static class CarrierNat
{
    /// <summary>The observation that shows it, or null. Ranges that the configuration allows show nothing.</summary>
    public static Observation.Seen? Find(IEnumerable<Observation> observations, AgreementOptions options) =>
        observations
            .OfType<Observation.Seen>()
            .FirstOrDefault(s =>
                options.Refused(s.Address)?.Name
                    is SpecialPurposeRanges.SharedAddressSpace
                        or SpecialPurposeRanges.ServiceContinuity
            );

    /// <summary>It in words.</summary>
    public static string Sign(Observation.Seen shownBy) =>
        $"behind carrier-grade NAT ({shownBy.Source.Name} reports {shownBy.Address}): "
        + "the record is right, but nobody can reach you";
}
