using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Esddns.Operator.Kubernetes.Events;

/// <summary>Events as <c>kubectl describe</c> shows them: one object for what happens again and again, with a count.</summary>
internal sealed partial class EventRecorder(IKubernetes api, KubernetesOptions options, TimeProvider time, ILogger<EventRecorder> logger)
{
    private readonly ConcurrentDictionary<string, int> _counts = new();

    /// <summary>Something went as it should.</summary>
    public Task TellAsync(IKubernetesObject<V1ObjectMeta> about, string reason, string message, CancellationToken cancellationToken) =>
        RecordAsync(Reference(about), "Normal", reason, message, cancellationToken);

    /// <summary>Something did not.</summary>
    public Task WarnAsync(IKubernetesObject<V1ObjectMeta> about, string reason, string message, CancellationToken cancellationToken) =>
        RecordAsync(Reference(about), "Warning", reason, message, cancellationToken);

    private static V1ObjectReference Reference(IKubernetesObject<V1ObjectMeta> about) => new()
    {
        ApiVersion = about.ApiVersion ?? "v1",
        Kind = about.Kind ?? about.GetType().Name[2..],
        NamespaceProperty = about.Metadata.NamespaceProperty,
        Name = about.Metadata.Name,
        Uid = about.Metadata.Uid,
    };

    private async Task RecordAsync(V1ObjectReference about, string type, string reason, string message, CancellationToken cancellationToken)
    {
        var @namespace = about.NamespaceProperty ?? "default";
        var name = $"{about.Name}.{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{about.Uid}|{reason}|{message}")))[..16]}";
        var now = time.GetUtcNow().UtcDateTime;
        var count = _counts.AddOrUpdate($"{@namespace}/{name}", 1, (_, n) => n + 1);
        try
        {
            if (count > 1 && await AgainAsync(@namespace, name, count, now, cancellationToken)) return;
            await api.CoreV1.CreateNamespacedEventAsync(new Corev1Event
            {
                Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = @namespace },
                InvolvedObject = about,
                Type = type,
                Reason = reason,
                Message = message,
                Count = 1,
                FirstTimestamp = now,
                LastTimestamp = now,
                Source = new V1EventSource { Component = "esddns-operator", Host = options.NodeName },
            }, @namespace, cancellationToken: cancellationToken);
            _counts[$"{@namespace}/{name}"] = 1;
        }
        catch (HttpOperationException e) when (e.Says(HttpStatusCode.Conflict))
        {
            // The leader before this one has told it as well.
            var before = await api.CoreV1.ReadNamespacedEventAsync(name, @namespace, cancellationToken: cancellationToken);
            _counts[$"{@namespace}/{name}"] = (before.Count ?? 1) + 1;
            await AgainAsync(@namespace, name, (before.Count ?? 1) + 1, now, cancellationToken);
        }
        catch (Exception e) when (e is HttpOperationException or HttpRequestException)
        {
            LogNotRecorded(reason, about.Kind, about.Name, e.Explain());
        }
    }

    /// <summary>Counts one more; false when the event has meanwhile been forgotten by the API server.</summary>
    private async Task<bool> AgainAsync(string @namespace, string name, int count, DateTime now, CancellationToken cancellationToken)
    {
        var patch = new V1Patch(new { count, lastTimestamp = now.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) }, V1Patch.PatchType.MergePatch);
        try
        {
            await api.CoreV1.PatchNamespacedEventAsync(patch, name, @namespace, cancellationToken: cancellationToken);
            return true;
        }
        catch (HttpOperationException e) when (e.Says(HttpStatusCode.NotFound))
        {
            return false;
        }
    }

    [LoggerMessage(EventName = "EventNotRecorded", Level = LogLevel.Warning, Message = "The Event {Reason} about {Kind} {Name} could not be recorded: {Problem}")]
    private partial void LogNotRecorded(string reason, string kind, string name, string problem);
}
