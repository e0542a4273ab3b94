namespace Esddns.Operator.Api;

/// <summary>The names of the operator's Service in a cluster.</summary>
internal static class ServiceNames
{
    private const string Service = "esddns-operator";
    private const string DefaultNamespace = "esddns-system";

    /// <summary>The names, from the shortest to the longest.</summary>
    /// <param name="clusterNamespace">The namespace of the Service; null for the default <c>esddns-system</c>.</param>
    public static string[] In(string? clusterNamespace)
    {
        var service = $"{Service}.{clusterNamespace ?? DefaultNamespace}";
        return [Service, service, $"{service}.svc", $"{service}.svc.cluster.local"];
    }
}
