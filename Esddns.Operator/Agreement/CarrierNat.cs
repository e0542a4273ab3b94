using Esddns.Operator.Discovery;

namespace Esddns.Operator.Agreement;

/// <summary>
/// Detects carrier-grade NAT at the internet provider: an address of the shared range between subscriber and carrier
/// (RFC 6598), or of the range of DS-Lite and 464XLAT (RFC 7335). Several subscribers then share the public address.
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
    public static string Sign(Observation.Seen shownBy) =>
        $"behind carrier-grade NAT ({shownBy.Source.Name} reports {shownBy.Address}): "
        + "the record is correct, but this host cannot be reached from the internet";
}
