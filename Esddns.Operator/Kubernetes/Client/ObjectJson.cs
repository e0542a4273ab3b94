using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Kubernetes.Crd;

namespace Esddns.Operator.Kubernetes.Client;

/// <summary>The JSON of the API's objects. Fields without a value are not written.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(TimeConverter)]
)]
[JsonSerializable(typeof(ObjectList<Node>))]
[JsonSerializable(typeof(ObjectList<Service>))]
[JsonSerializable(typeof(ObjectList<ConfigMap>))]
[JsonSerializable(typeof(ObjectList<Secret>))]
[JsonSerializable(typeof(ObjectList<Lease>))]
[JsonSerializable(typeof(ObjectList<Event>))]
[JsonSerializable(typeof(ObjectList<DynamicRecord>))]
[JsonSerializable(typeof(ObjectList<ObjectMetadata>))]
[JsonSerializable(typeof(ApiStatus))]
internal sealed partial class ObjectJson : JsonSerializerContext
{
    /// <summary>
    /// The options of request bodies. A quote in a string takes two bytes instead of six: the published state is JSON
    /// in JSON.
    /// </summary>
    public static JsonWriterOptions Writing { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
