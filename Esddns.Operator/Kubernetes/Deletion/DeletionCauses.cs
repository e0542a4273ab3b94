using System.Collections.Immutable;
using System.Net;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Crd;
using Esddns.Operator.Kubernetes.Records;
using Esddns.Operator.Reconcile;
using Esddns.Operator.Reconcile.Loop;

namespace Esddns.Operator.Kubernetes.Deletion;

/// <summary>
/// Finds out whether an object is deleted directly, or together with its CustomResourceDefinition. The API server marks
/// the definition before it marks its objects. A definition that is read after an object was marked, and is not marked
/// itself, is therefore not the cause. One read is valid for all objects that are being deleted at that moment.
/// </summary>
internal sealed class DeletionCauses(
    ApiClient api,
    LeaderInformers informers,
    ReconcileTrigger trigger,
    TimeProvider time,
    ILogger<DeletionCauses> logger
) : IDisposable
{
    private const string Definition = $"{DynamicRecord.Plural}.{DynamicRecord.Group}";

    /// <summary>The wait after a failed read.</summary>
    private static readonly TimeSpan s_retryPeriod = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _mutex = new(1);
    private ImmutableDictionary<string, DeletionCause> _causes = ImmutableDictionary<string, DeletionCause>.Empty;
    private long? _failed;

    /// <summary>The cause of the deletion of <paramref name="record"/>.</summary>
    public async Task<DeletionCause> OfAsync(DynamicRecord record, CancellationToken cancellationToken)
    {
        await _mutex.WaitAsync(cancellationToken);
        try
        {
            if (_causes.TryGetValue(record.Uid, out var cause))
                return cause;
            if (_failed is { } failed && time.GetElapsedTime(failed) < s_retryPeriod)
                return DeletionCause.Unknown;
            var deleting = informers
                .Records.Objects.Where(r => r.Metadata.DeletionTimestamp is not null)
                .Append(record)
                .Select(r => r.Uid)
                .ToHashSet();
            cause = await ReadAsync(cancellationToken);
            _causes = deleting.ToImmutableDictionary(id => id, id => _causes.GetValueOrDefault(id, cause));
            // Earlier rounds did not remove the record, because the cause was unknown.
            if (_failed is not null)
                trigger.Request(ReconcileReason.Cluster);
            _failed = null;
            return cause;
        }
        catch (Exception e) when (e is ApiException or HttpRequestException)
        {
            _failed = time.GetTimestamp();
            logger.DefinitionNotRead(Definition, e.Explain(), s_retryPeriod.TotalSeconds);
            return DeletionCause.Unknown;
        }
        finally
        {
            _mutex.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _mutex.Dispose();

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
        catch (ApiException e) when (e.HasStatus(HttpStatusCode.NotFound))
        {
            return DeletionCause.Kind;
        }
    }
}
