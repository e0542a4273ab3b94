namespace Esddns.Operator.State;

/// <summary>A provider of address sources that took part in an agreement.</summary>
/// <param name="Provider">The provider.</param>
/// <param name="At">When it last took part.</param>
internal sealed record Participant(string Provider, DateTimeOffset At);
