using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Esddns.Operator.Dns;

namespace Esddns.Operator.State;

/// <summary>
/// The condition of a record: less detail than <see cref="SyncStatus"/>, for the changes over time.
/// <see cref="SyncStatusRule"/> computes it. Not an enumeration: their JSON adds native code for each type.
/// </summary>
[JsonConverter(typeof(StringJsonConverter<SyncCondition>))]
internal sealed class SyncCondition : IParsable<SyncCondition>
{
    private readonly string _name;

    private SyncCondition(string name) => _name = name;

    /// <summary>The record is up to date, or is skipped because there is nothing to publish.</summary>
    public static SyncCondition InSync { get; } = new(nameof(InSync));

    /// <summary>The record is not as desired, or resolvers do not get it, or it was not changed on purpose.</summary>
    public static SyncCondition OutOfSync { get; } = new(nameof(OutOfSync));

    /// <summary>No round has processed the record yet, or a write is not confirmed.</summary>
    public static SyncCondition Unknown { get; } = new(nameof(Unknown));

    /// <summary>Parses the name of a condition.</summary>
    public static bool TryParse(
        [NotNullWhen(true)] string? s,
        IFormatProvider? provider,
        [MaybeNullWhen(false)] out SyncCondition result
    )
    {
        result =
            s == InSync._name ? InSync
            : s == OutOfSync._name ? OutOfSync
            : s == Unknown._name ? Unknown
            : null;
        return result is not null;
    }

    /// <inheritdoc/>
    public static SyncCondition Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var condition) ? condition : throw new FormatException($"'{s}' is no condition.");

    /// <inheritdoc/>
    public override string ToString() => _name;
}
