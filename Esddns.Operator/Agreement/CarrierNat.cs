using Esddns.Operator.Discovery;

namespace Esddns.Operator.Agreement;

/// <summary>
/// Detects carrier-grade NAT at the internet provider, where several subscribers share a public address. The sign is an
/// address of one of two ranges: between subscriber and carrier (RFC 6598), or of DS-Lite and 464XLAT (RFC 7335).
/// </summary>
internal static class CarrierNat
{
    /// <summary>
    /// The observation that shows carrier-grade NAT; null when there is none. Ranges that the configuration allows do
    /// not count.
    /// </summary>
    public static Observation.Seen? Find(IEnumerable<Observation> observations, AgreementOptions options) =>
        observations
            .OfType<Observation.Seen>()
            .FirstOrDefault(s =>
                options.Refused(s.Address)?.Name
                    is SpecialPurposeRanges.SharedAddressSpace
                        or SpecialPurposeRanges.ServiceContinuity
            );

    /// <summary>Describes the evidence in one sentence.</summary>
    public static string Describe(Observation.Seen shownBy) =>
        $"behind carrier-grade NAT ({shownBy.Source.Name} reports {shownBy.Address}): "
        + "the record is correct, but this host cannot be reached from the internet";
}
