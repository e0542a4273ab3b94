using Esddns.Contracts;

namespace Esddns.Web.Api;

/// <summary>The answer of <c>/api/v1/changes</c>.</summary>
/// <param name="Freshness">The time of the status, and whether it may be out of date.</param>
/// <param name="Changes">The changes, newest first. The operator keeps the last 200.</param>
public sealed record ChangeList(Freshness Freshness, ChangeDocument[] Changes);

/// <summary>A confirmed write of a record.</summary>
/// <param name="At">When it was confirmed.</param>
/// <param name="Fqdn">The name of the record.</param>
/// <param name="Type">A or AAAA.</param>
/// <param name="From">The values before; null when they were unknown.</param>
/// <param name="To">The values after it.</param>
/// <param name="Why">The trigger of the round, and its finding.</param>
/// <param name="ConvergedAfter">Seconds from the first differing observation to the confirmed write; null when nothing
/// differed.</param>
/// <param name="By">The writer: the host, or the pod and its node.</param>
public sealed record ChangeDocument(
    DateTimeOffset At,
    string Fqdn,
    string Type,
    string[]? From,
    string[] To,
    string Why,
    double? ConvergedAfter,
    string By
)
{
    /// <summary>Converts a change.</summary>
    internal static ChangeDocument Of(ChangeStatus change) =>
        new(
            change.At.ToUniversalTime(),
            change.Fqdn,
            change.Type,
            change.From,
            change.To,
            change.Why,
            change.ConvergedAfter,
            change.By
        );
}
