namespace Esddns.Web.Sync;

/// <summary>The end of a requested round.</summary>
/// <param name="Round">The number of the round.</param>
/// <param name="State">InSync, OutOfSync or Unknown: the state of all records after it.</param>
/// <param name="Seconds">How long the request took.</param>
internal sealed record SyncDocument(long Round, string State, double Seconds);
