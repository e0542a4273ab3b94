namespace Esddns.Operator.State;

/// <summary>The reason why a record is preserved or skipped.</summary>
/// <param name="Since">The start of the preservation; a new reason does not reset it.</param>
/// <param name="Reason">The reason, in one line.</param>
/// <param name="WasRead">Whether the record was read, so that its content may be the reason.</param>
internal sealed record Preservation(DateTimeOffset Since, string Reason, bool WasRead = false);
