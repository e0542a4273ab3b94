using Esddns.Operator.Dns;

namespace Esddns.Operator.State;

/// <summary>A confirmed write.</summary>
/// <param name="At">When it was confirmed.</param>
/// <param name="By">The process that wrote.</param>
/// <param name="Fqdn">The FQDN of the record.</param>
/// <param name="Type">The type of the record.</param>
/// <param name="From">The values before the write; null when the record did not exist.</param>
/// <param name="To">The values after the write.</param>
/// <param name="Why">The trigger of the round, and its finding.</param>
/// <param name="ConvergedAfter">Seconds from the first differing observation to the confirmed write; null when nothing
/// differed.</param>
internal sealed record Change(
    DateTimeOffset At,
    string By,
    Fqdn Fqdn,
    RecordType Type,
    AddressSet? From,
    AddressSet To,
    string Why,
    double? ConvergedAfter
);
