using System.Text.Json;
using System.Text.Json.Serialization;
using Esddns.Web.Sync;
using Microsoft.AspNetCore.Mvc;

namespace Esddns.Web.Api;

/// <summary>The JSON of the API: camel case, all fields, null included.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(StatusSummary))]
[JsonSerializable(typeof(Page<AddressDocument>))]
[JsonSerializable(typeof(Page<RecordDocument>))]
[JsonSerializable(typeof(Page<ChangeDocument>))]
[JsonSerializable(typeof(Page<SourceDocument>))]
[JsonSerializable(typeof(Page<NodeDocument>))]
[JsonSerializable(typeof(RecordDocument))]
[JsonSerializable(typeof(ChangeDocument))]
[JsonSerializable(typeof(SyncDocument))]
[JsonSerializable(typeof(ProblemDetails))]
internal sealed partial class ApiJson : JsonSerializerContext;
