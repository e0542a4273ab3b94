using System.Globalization;
using System.Text;
using System.Text.Json;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.State;

namespace Esddns.Operator.Kubernetes.Publishing;

/// <summary>The content of the ConfigMap <c>esddns-wan-ip</c>: the snapshot, and the keys of the old system.</summary>
internal static class StateContent
{
    private const string StatusKey = "status";
    private const string CompressedKey = "status.gz";
    private const string AddressKey = "current_ip";
    private const string CheckedKey = "timestamp";
    private const string DetectedKey = "detected_at";

    /// <summary>All keys of text that a leader writes; one without a value is removed.</summary>
    private static readonly string[] s_keys = [AddressKey, CheckedKey, DetectedKey];

    /// <summary>The snapshot in a ConfigMap; null when it contains no readable one.</summary>
    public static Snapshot? Read(ConfigMap? map)
    {
        var json =
            map?.BinaryData?.GetValueOrDefault(CompressedKey) is { } compressed
                ? SizeLimitedState.Decompress(compressed)
            : map?.Data?.GetValueOrDefault(StatusKey) is { } status ? Encoding.UTF8.GetBytes(status)
            : null;
        return json is null ? null : SnapshotJson.Read(json, out _);
    }

    /// <summary>The ConfigMap with this content.</summary>
    public static ConfigMap Create(ObjectMeta metadata, Dictionary<string, string> data, SizeLimitedState state)
    {
        var map = new ConfigMap { Metadata = metadata, Data = data };
        if (state.IsCompressed)
            map.BinaryData = new() { [CompressedKey] = state.Bytes };
        else
            data[StatusKey] = Encoding.UTF8.GetString(state.Bytes);
        return map;
    }

    /// <summary>Writes the patch without a string in between: the state of a thousand records is large.</summary>
    public static void Write(
        Utf8JsonWriter writer,
        ObjectMeta metadata,
        Dictionary<string, string> data,
        SizeLimitedState state
    )
    {
        writer.WriteStartObject();
        writer.WritePropertyName("metadata");
        JsonSerializer.Serialize(writer, metadata, ObjectJson.Default.ObjectMeta);
        writer.WriteStartObject("data");
        foreach (var key in s_keys)
            writer.WriteString(key, data.GetValueOrDefault(key));
        if (state.IsCompressed)
            writer.WriteNull(StatusKey);
        else
            writer.WriteString(StatusKey, state.Bytes);
        writer.WriteEndObject();
        writer.WriteStartObject("binaryData");
        if (state.IsCompressed)
            writer.WriteBase64String(CompressedKey, state.Bytes);
        else
            writer.WriteNull(CompressedKey);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>The keys of the old system.</summary>
    public static Dictionary<string, string> Texts(Snapshot snapshot)
    {
        var data = new Dictionary<string, string>();
        if ((snapshot.WanOf(Net.IpFamily.IPv4) ?? snapshot.Wan.FirstOrDefault()) is not { Address: { } address } wan)
            return data;
        data[AddressKey] = address.ToString();
        data[CheckedKey] = Time(wan.CheckedAt ?? snapshot.At);
        data[DetectedKey] = Time(wan.Since ?? snapshot.At);
        return data;

        static string Time(DateTimeOffset at) => at.ToString("O", CultureInfo.InvariantCulture);
    }
}
