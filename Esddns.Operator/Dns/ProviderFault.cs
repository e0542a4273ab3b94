namespace Esddns.Operator.Dns;

/// <summary>A failed call to the DNS provider.</summary>
/// <param name="Kind">The class of the fault.</param>
/// <param name="Type">The type, from a small set, for metrics: <c>timeout</c>, <c>network</c>, <c>rate_limited</c>,
/// <c>server_error</c>, <c>unauthorized</c>, <c>conflict</c>, <c>forbidden</c>, <c>zone_not_found</c>, <c>rejected</c>,
/// <c>unreadable</c>, <c>not_leader</c>.</param>
/// <param name="Message">One line for people, with the text of the provider. It never contains a secret.</param>
/// <param name="RetryAfter">The delay that the provider requests before the next request. The reconciler waits
/// for it (<c>Reconcile/Retries/RetryDelay</c>).</param>
/// <param name="Unconfirmed">For writes: whether the write may still have taken effect.</param>
internal sealed record ProviderFault(
    FaultKind Kind,
    string Type,
    string Message,
    TimeSpan? RetryAfter = null,
    bool Unconfirmed = false
)
{
    /// <summary>The time before which the DNS provider is not called again; null when the wait is short.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>The type: no such zone is visible with these credentials.</summary>
    public const string ZoneNotFound = "zone_not_found";

    /// <summary>The type: the credentials are invalid or missing.</summary>
    public const string Unauthorized = "unauthorized";

    /// <summary>The type: a response or a part of it was not readable.</summary>
    public const string Unreadable = "unreadable";
}
