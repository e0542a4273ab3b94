namespace Esddns.Operator.Kubernetes.Client.Objects;

/// <summary>
/// The report of a failure by the API server
/// (<see href="https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/"/>).
/// </summary>
internal sealed class ApiStatus
{
    /// <summary>The HTTP status; also set in an error event of a watch.</summary>
    public int? Code { get; set; }

    /// <summary>The reason for people.</summary>
    public string? Message { get; set; }
}
