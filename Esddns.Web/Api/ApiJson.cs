using System.Text.Json;
using System.Text.Json.Serialization;
using Esddns.Web.Badges;
using Esddns.Web.Events;

namespace Esddns.Web.Api;

/// <summary>The JSON of the API: camel case, all fields, also those that are null.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    NumberHandling = JsonNumberHandling.Strict,
    RespectNullableAnnotations = true
)]
[JsonSerializable(typeof(StatusSummary))]
[JsonSerializable(typeof(AddressList))]
[JsonSerializable(typeof(RecordPage))]
[JsonSerializable(typeof(RecordAnswer))]
[JsonSerializable(typeof(ChangeList))]
[JsonSerializable(typeof(SourceList))]
[JsonSerializable(typeof(NodeList))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(StatusEvent))]
[JsonSerializable(typeof(ShieldsBadge))]
internal sealed partial class ApiJson : JsonSerializerContext;
