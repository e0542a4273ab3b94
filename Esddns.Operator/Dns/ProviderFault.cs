namespace Esddns.Operator.Dns;

/// <summary>What helps against a fault.</summary>
internal enum FaultKind
{
    /// <summary>Trying again later.</summary>
    Transient,

    /// <summary>A person: the credentials or the zone are not as they should be.</summary>
    Persistent,

    /// <summary>Another request: the provider refuses this one for what it says.</summary>
    Definitive,
}

/// <summary>Why the provider did not do what it was asked.</summary>
/// <param name="Kind">What helps against it.</param>
/// <param name="Type">A word of a small set, for metrics: <c>timeout</c>, <c>network</c>, <c>rate_limited</c>,
/// <c>server_error</c>, <c>unauthorized</c>, <c>conflict</c>, <c>forbidden</c>, <c>zone_not_found</c>, <c>rejected</c>,
/// <c>unreadable</c>, <c>not_leader</c>.</param>
/// <param name="Message">One line for people, with what the provider said. Never a secret.</param>
/// <param name="RetryAfter">How long the provider asks to be left alone.</param>
/// <param name="Unconfirmed">For writes: it may have taken effect all the same.</param>
internal sealed record ProviderFault(
    FaultKind Kind,
    string Type,
    string Message,
    TimeSpan? RetryAfter = null,
    bool Unconfirmed = false
)
{
    /// <summary>Until when the provider is left alone because of it, when that is long.</summary>
    public DateTimeOffset? LeftAloneUntil { get; init; }

    /// <summary>The type of a fault that says that there is no such zone, as far as the credentials can see.</summary>
    public const string ZoneNotFound = "zone_not_found";

    /// <summary>
    /// The type of a fault that says that the credentials are not valid, or that there are none to present.
    /// </summary>
    public const string Unauthorized = "unauthorized";

    /// <summary>The type of a fault that says that an answer, or a part of it, was not understood.</summary>
    public const string Unreadable = "unreadable";
}
