namespace Esddns.Operator.State;

/// <summary>
/// The condition of a record: less detail than <see cref="SyncStatus"/>, for the changes over time.
/// <see cref="SyncStatusRule"/> computes it. It is stored by its name: each type of JSON adds 15 kB of native code.
/// </summary>
internal sealed class SyncCondition
{
    private readonly string _name;

    private SyncCondition(string name) => _name = name;

    /// <summary>The record is up to date, or is skipped because there is nothing to publish.</summary>
    public static SyncCondition InSync { get; } = new(nameof(InSync));

    /// <summary>The record is not as desired, or resolvers do not get it, or it was not changed on purpose.</summary>
    public static SyncCondition OutOfSync { get; } = new(nameof(OutOfSync));

    /// <summary>No round has processed the record yet, or a write is not confirmed.</summary>
    public static SyncCondition Unknown { get; } = new(nameof(Unknown));

    /// <summary>The condition with this name; null when there is none.</summary>
    public static SyncCondition? Named(string? name) =>
        name switch
        {
            nameof(InSync) => InSync,
            nameof(OutOfSync) => OutOfSync,
            nameof(Unknown) => Unknown,
            _ => null,
        };

    /// <inheritdoc/>
    public override string ToString() => _name;
}
