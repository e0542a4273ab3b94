using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Text;

namespace Esddns.Operator.Kubernetes.Events;

/// <summary>
/// Writes Events. A repeated Event is one object with a count. A failed write is logged, and is no error for the
/// caller.
/// </summary>
internal sealed class EventRecorder(
    ApiClient api,
    KubernetesOptions options,
    TimeProvider time,
    ILogger<EventRecorder> logger
)
{
    /// <summary>An Event's name is that of its object, a dot and a hash; together at most 253 characters.</summary>
    private const int MaxObjectName = 253 - 17;

    private readonly EventCorrelator _correlator = new(time);

    /// <summary>Records an Event of type <c>Normal</c>.</summary>
    public Task RecordNormalAsync(
        KubernetesObject about,
        string reason,
        string message,
        CancellationToken cancellationToken
    ) => RecordAsync(Reference(about), "Normal", reason, message, cancellationToken);

    /// <summary>Records an Event of type <c>Warning</c>.</summary>
    public Task RecordWarningAsync(
        KubernetesObject about,
        string reason,
        string message,
        CancellationToken cancellationToken
    ) => RecordAsync(Reference(about), "Warning", reason, message, cancellationToken);

    /// <summary>
    /// Records the warning about the object and about the operator's own pod: the object and its namespace may be
    /// deleted soon.
    /// </summary>
    public async Task RecordLastingWarningAsync(
        KubernetesObject about,
        string reason,
        string message,
        CancellationToken cancellationToken
    )
    {
        await RecordWarningAsync(about, reason, message, cancellationToken);
        if (about.Namespace == options.Namespace)
            return;
        var own = new ObjectReference
        {
            ApiVersion = "v1",
            Kind = "Pod",
            Namespace = options.Namespace,
            Name = options.PodName,
        };
        await RecordAsync(own, "Warning", reason, message, cancellationToken);
    }

    private static ObjectReference Reference(KubernetesObject about) =>
        new()
        {
            ApiVersion = about.ApiVersion ?? "v1",
            Kind = about.Kind ?? about.GetType().Name,
            Namespace = about.Metadata.Namespace,
            Name = about.Metadata.Name,
            Uid = about.Metadata.Uid,
        };

    private async Task RecordAsync(
        ObjectReference about,
        string type,
        string reason,
        string message,
        CancellationToken cancellationToken
    )
    {
        var @namespace = about.Namespace ?? "default";
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{about.Uid}|{reason}|{message}")))[
            ..16
        ];
        var stem = about.Name.Length > MaxObjectName ? about.Name[..MaxObjectName].TrimEnd('.', '-') : about.Name;
        var name = $"{stem}.{hash}";
        if (_correlator.Add($"{@namespace}/{name}", about.Uid ?? about.Name) is not { } count)
            return;
        try
        {
            if (count > 1 && await IncrementAsync(@namespace, name, count, cancellationToken))
                return;
            if (await TryCreateAsync(about, @namespace, name, type, reason, message, count, cancellationToken))
                return;
            // The previous leader has written the same Event.
            var before = await api.GetAsync(Resources.Events, @namespace, name, cancellationToken);
            _correlator.Correct($"{@namespace}/{name}", (before.Count ?? 1) + 1);
            await IncrementAsync(@namespace, name, (before.Count ?? 1) + 1, cancellationToken);
        }
#pragma warning disable CA1031 // A failed Event must not end the work.
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            logger.EventNotRecorded(reason, about.Kind, about.Name, UntrustedText.Clean(e.Explain()));
        }
    }

    /// <summary>Creates the Event; false when it exists.</summary>
    private async Task<bool> TryCreateAsync(
        ObjectReference about,
        string @namespace,
        string name,
        string type,
        string reason,
        string message,
        int count,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetUtcNow().UtcDateTime;
        try
        {
            await api.CreateAsync(
                Resources.Events,
                new Event
                {
                    Metadata = new ObjectMeta { Name = name, Namespace = @namespace },
                    InvolvedObject = about,
                    Type = type,
                    Reason = reason,
                    Message = message,
                    Count = count,
                    FirstTimestamp = now,
                    LastTimestamp = now,
                    Source = new EventSource { Component = "esddns-operator", Host = options.NodeName },
                },
                cancellationToken
            );
            return true;
        }
        catch (Exception e) when (e.HasStatus(HttpStatusCode.Conflict))
        {
            return false;
        }
    }

    /// <summary>Updates the count; false when the API server has deleted the Event.</summary>
    private async Task<bool> IncrementAsync(
        string @namespace,
        string name,
        int count,
        CancellationToken cancellationToken
    )
    {
        var last = TimeConverter.Text(time.GetUtcNow().UtcDateTime);
        var patch = Patch.Merge(new JsonObject { ["count"] = count, ["lastTimestamp"] = last });
        try
        {
            await api.PatchAsync(Resources.Events, @namespace, name, patch, cancellationToken);
            return true;
        }
        catch (Exception e) when (e.HasStatus(HttpStatusCode.NotFound))
        {
            return false;
        }
    }
}
