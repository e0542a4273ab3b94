using System.Text.Json;
using System.Text.Json.Serialization;
using Esddns.Web.Api;

namespace Esddns.Web.Events;

/// <summary>The JSON of the events, in the form of the API.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(StatusEvent))]
[JsonSerializable(typeof(ChangeDocument))]
internal sealed partial class EventJson : JsonSerializerContext;
