using System.Net;
using k8s;
using k8s.Autorest;

namespace Esddns.Operator.Kubernetes.Records;

/// <summary>
/// The CustomResourceDefinition. When it goes, its objects go with it, which nobody means as a wish to remove their DNS
/// records.
/// </summary>
internal sealed class ResourceDefinition(IKubernetes api)
{
    private const string Name = $"{DynamicRecord.Plural}.{DynamicRecord.Group}";

    /// <summary>
    /// Whether it is being deleted, or gone. Asked anew each time: it is deleted before its objects are.
    /// </summary>
    /// <returns>Null when that cannot be known, with the reason.</returns>
    public async Task<(bool? IsGoing, string? Problem)> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            var definition =
                await api.ApiextensionsV1.ReadCustomResourceDefinitionAsync(Name, cancellationToken: cancellationToken);
            return (definition.Metadata.DeletionTimestamp is not null, null);
        }
        catch (Exception e) when (e.Says(HttpStatusCode.NotFound))
        {
            return (true, null);
        }
        catch (Exception e) when (e is HttpOperationException or HttpRequestException or System.Text.Json.JsonException)
        {
            return (null, e.Explain());
        }
    }
}
