using System.Text.Json.Serialization;

namespace Esddns.Web.Api;

/// <summary>Whether DNS has the addresses that it should have.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SyncState>))]
public enum SyncState
{
    /// <summary>There is no status yet, or the state could not be confirmed.</summary>
    Unknown,

    /// <summary>The records are up to date, or there is nothing to publish for them.</summary>
    InSync,

    /// <summary>At least one record differs from what it should be.</summary>
    OutOfSync,
}
