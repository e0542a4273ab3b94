namespace Esddns.Web.Badges;

/// <summary>The badge of a record in the format of the endpoint badges of shields.io.</summary>
/// <param name="SchemaVersion">Always 1.</param>
/// <param name="Label">The name and type of the record.</param>
/// <param name="Message">The state in words: in sync, out of sync, unknown, skipped or stale.</param>
/// <param name="Color">The colour, by its name at shields.io.</param>
public sealed record ShieldsBadge(int SchemaVersion, string Label, string Message, string Color);
