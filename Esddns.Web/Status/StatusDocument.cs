using System.Text.Json;
using System.Text.Json.Serialization;

namespace Esddns.Web.Status;

/// <summary>The operator's <c>/status</c>, as far as this service shows it. Fields that it does not know are passed over.</summary>
public sealed record StatusDocument(
    long Round, DateTimeOffset At, string By, bool InSync, WanStatus[] Wan, RecordStatus[] Records, ChangeStatus[] History, string? Leader = null, StaleStatus? Stale = null);

/// <summary>Since when the operator itself cannot learn what is new, and why.</summary>
public sealed record StaleStatus(DateTimeOffset Since, string Reason);

/// <summary>The WAN address of one family.</summary>
public sealed record WanStatus(
    string Family, string? Address, DateTimeOffset? Since, string Verdict, string? Reason, DateTimeOffset? CheckedAt, VoteStatus[] Votes, string[] Signs)
{
    /// <summary>Whether the last round agreed on it.</summary>
    public bool IsUsable => Verdict == "Agreed" && Address is not null;
}

/// <summary>What one source said.</summary>
public sealed record VoteStatus(string Source, string Class, string? Address, bool Counted, string? Reason);

/// <summary>One record.</summary>
public sealed record RecordStatus(
    RecordKeyStatus Key,
    string Fqdn,
    int Ttl,
    string[]? Desired,
    string[]? Current,
    bool InSync,
    string Outcome,
    string? Reason,
    DateTimeOffset? LastAttempt,
    DateTimeOffset? LastSuccess,
    DateTimeOffset? LastUpdate,
    ErrorStatus? LastError,
    string? Href);

/// <summary>What names a record.</summary>
public sealed record RecordKeyStatus(string Zone, string Name, string Type);

/// <summary>A failure.</summary>
public sealed record ErrorStatus(DateTimeOffset At, string Type, string Message);

/// <summary>A write that took effect.</summary>
public sealed record ChangeStatus(
    DateTimeOffset At, string By, string Fqdn, string Type, string[]? From, string[] To, string Why, double? ConvergedAfter);

/// <summary>Reading without reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(StatusDocument))]
internal sealed partial class StatusJson : JsonSerializerContext;
