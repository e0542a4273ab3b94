using System.Collections.Immutable;
using System.Net;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Reconcile;

namespace Esddns.Operator.Kubernetes.Records;

/// <summary>Why an object is being deleted.</summary>
internal enum DeletionCause
{
    /// <summary>Not known: the API server has not answered. Nothing may be removed for it.</summary>
    Unknown,

    /// <summary>Somebody deletes the object, or its namespace.</summary>
    Object,

    /// <summary>Somebody removes the kind, and its objects with it. Nobody asks for DNS records to go.</summary>
    Kind,
}

/// <summary>
/// Tells objects that are deleted for their own sake from those that are deleted with their CustomResourceDefinition.
/// The server marks the definition before it marks its objects. So a definition that is read after an object was seen
/// to be marked, and is not marked itself, did not cause the deletion: one read answers for all objects that are being
/// deleted at that moment, and for good.
/// </summary>
internal sealed class Deletions(
    ApiClient api,
    LeaderInformers watches,
    ReconcileTrigger trigger,
    TimeProvider time,
    ILogger<Deletions> logger
) : IDisposable
{
    private const string Definition = $"{DynamicRecord.Plural}.{DynamicRecord.Group}";

    /// <summary>Between two reads after one that failed.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _one = new(1);
    private ImmutableDictionary<string, DeletionCause> _causes = ImmutableDictionary<string, DeletionCause>.Empty;
    private long? _failed;

    /// <summary>Why <paramref name="record"/>, which is being deleted, is.</summary>
    public async Task<DeletionCause> OfAsync(DynamicRecord record, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_causes.TryGetValue(record.Uid, out var cause))
                return cause;
            if (_failed is { } failed && time.GetElapsedTime(failed) < s_pause)
                return DeletionCause.Unknown;
            var going = watches
                .Records.Objects.Where(r => r.Metadata.DeletionTimestamp is not null)
                .Append(record)
                .Select(r => r.Uid)
                .ToHashSet();
            cause = await ReadAsync(cancellationToken);
            _causes = going.ToImmutableDictionary(id => id, id => _causes.GetValueOrDefault(id, cause));
            // Rounds meanwhile have left its record alone.
            if (_failed is not null)
                trigger.Request(ReconcileReason.Cluster);
            _failed = null;
            return cause;
        }
        catch (Exception e) when (e is ApiException or HttpRequestException)
        {
            _failed = time.GetTimestamp();
            logger.DefinitionNotRead(Definition, e.Explain(), s_pause.TotalSeconds);
            return DeletionCause.Unknown;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    private async Task<DeletionCause> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var definition = await api.GetAsync(
                Resources.CustomResourceDefinitions,
                null,
                Definition,
                cancellationToken
            );
            return definition.Metadata.DeletionTimestamp is null ? DeletionCause.Object : DeletionCause.Kind;
        }
        catch (ApiException e) when (e.Says(HttpStatusCode.NotFound))
        {
            return DeletionCause.Kind;
        }
    }
}
