namespace Esddns.Operator.Kubernetes.Client.Objects;

/// <summary>
/// How the API server reports a failure
/// (<see href="https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/"/>).
/// </summary>
internal sealed class Status
{
    /// <summary>The HTTP status, also where it comes as an event of a watch.</summary>
    public int? Code { get; set; }

    /// <summary>For people.</summary>
    public string? Message { get; set; }
}
