using System.Net;
using System.Text;
using System.Text.Json;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Notifications.Queue;
using Esddns.Text;

namespace Esddns.Operator.Kubernetes.Publishing;

/// <summary>
/// Keeps the ledger of notifications in the ConfigMap <c>esddns-notifications</c>. The published state has no space to
/// spare, and each write of it goes to all pods. Every write names the version that was read: a late write of an
/// earlier leader fails, and a new leader never overwrites what it has not read.
/// </summary>
internal sealed class ClusterLedger(ApiClient api, KubernetesOptions options, ILogger<ClusterLedger> logger)
    : ILedgerStore
{
    private const string Key = "queue";
    private ConfigMap? _last;
    private string? _problem;

    /// <inheritdoc/>
    public async Task<Ledger?> LoadAsync(CancellationToken cancellationToken)
    {
        try
        {
            _last = await api.GetAsync(
                Resources.ConfigMaps,
                options.Namespace,
                KubernetesOptions.NotificationsName,
                cancellationToken
            );
            return Read(_last);
        }
        catch (ApiException e) when (e.HasStatus(HttpStatusCode.NotFound))
        {
            _last = null;
            return Ledger.Empty;
        }
        catch (Exception e) when (e is ApiException or HttpRequestException)
        {
            Report(e);
            return null;
        }
    }

    /// <inheritdoc/>
    public async Task<SaveOutcome> SaveAsync(Ledger ledger, CancellationToken cancellationToken)
    {
        try
        {
            _last = await WriteAsync(Text(ledger), cancellationToken);
            _problem = null;
            return SaveOutcome.Saved;
        }
        catch (ApiException e)
            when (e.HasStatus(HttpStatusCode.Conflict) || (_last is not null && e.HasStatus(HttpStatusCode.NotFound)))
        {
            return SaveOutcome.Outdated;
        }
        catch (Exception e) when (e is ApiException or HttpRequestException)
        {
            Report(e);
            return SaveOutcome.Failed;
        }
    }

    private Task<ConfigMap> WriteAsync(string text, CancellationToken cancellationToken)
    {
        if (_last is null)
        {
            var first = new ConfigMap
            {
                Metadata = new ObjectMeta { Name = KubernetesOptions.NotificationsName, Namespace = options.Namespace },
                Data = new() { [Key] = text },
            };
            return api.CreateAsync(Resources.ConfigMapMetadata, first, cancellationToken);
        }

        var version = new ObjectMeta { Uid = _last.Uid, ResourceVersion = _last.Metadata.ResourceVersion };
        var patch = Patch.Merge(w =>
        {
            w.WriteStartObject();
            w.WritePropertyName("metadata");
            JsonSerializer.Serialize(w, version, ObjectJson.Default.ObjectMeta);
            w.WriteStartObject("data");
            w.WriteString(Key, text);
            w.WriteEndObject();
            w.WriteEndObject();
        });
        return api.PatchAsync(
            Resources.ConfigMapMetadata,
            options.Namespace,
            KubernetesOptions.NotificationsName,
            patch,
            cancellationToken
        );
    }

    private Ledger Read(ConfigMap map)
    {
        if (map.Data?.GetValueOrDefault(Key) is not { } text)
            return Ledger.Empty;
        try
        {
            return LedgerJson.Read(Encoding.UTF8.GetBytes(text));
        }
        catch (JsonException e)
        {
            Notifications.Log.QueueUnreadable(logger, UntrustedText.Clean(e.Message));
            return Ledger.Empty;
        }
    }

    private static string Text(Ledger ledger)
    {
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes, ObjectJson.Writing))
            LedgerJson.Write(writer, ledger);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private void Report(Exception e)
    {
        var why = UntrustedText.Clean(e.Explain());
        var problem = $"the ConfigMap {options.Namespace}/{KubernetesOptions.NotificationsName}: {why}";
        if (problem != _problem)
            Notifications.Log.QueueNotStored(logger, problem);
        _problem = problem;
    }
}
