namespace Esddns.Operator.State;

/// <summary>The kind of the verdict of the last full round.</summary>
internal enum VerdictKind
{
    /// <summary>No round has completed yet.</summary>
    Unknown,

    /// <summary>The sources agree on an address.</summary>
    Agreed,

    /// <summary>The sources contradict each other.</summary>
    Disagreed,

    /// <summary>Too few sources reported a usable address.</summary>
    Insufficient,

    /// <summary>The host certainly has no address of this family.</summary>
    Absent,
}
