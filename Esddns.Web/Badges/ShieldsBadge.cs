using System.Text.Json;
using System.Text.Json.Serialization;

namespace Esddns.Web.Badges;

/// <summary>A badge for shields.io (https://shields.io/badges/endpoint-badge).</summary>
/// <param name="SchemaVersion">Always 1.</param>
/// <param name="Label">The left text: the name of the record.</param>
/// <param name="Message">The right text: the state.</param>
/// <param name="Color">The color of the right side.</param>
internal sealed record ShieldsBadge(int SchemaVersion, string Label, string Message, string Color);

/// <summary>The JSON of a badge.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ShieldsBadge))]
internal sealed partial class BadgeJson : JsonSerializerContext;
