namespace Esddns.Operator.Notifications.Events;

/// <summary>The kinds of events that a person can be notified of.</summary>
internal enum EventKind
{
    /// <summary>The sources agree on another WAN address than before.</summary>
    AddressChanged,

    /// <summary>A record was written, and the DNS provider confirmed it.</summary>
    RecordCorrected,

    /// <summary>Another client changed a record.</summary>
    ForeignEdit,

    /// <summary>A record is not in sync for <see cref="NotificationOptions.NotInSyncAfter"/>.</summary>
    NotInSync,

    /// <summary>A record of which <see cref="NotInSync"/> was reported is in sync again.</summary>
    Resolved,

    /// <summary>The token of the DNS provider ends in 30, 7 or 1 days, or has ended.</summary>
    TokenEnds,

    /// <summary>Another pod of the cluster leads.</summary>
    LeaderChanged,
}
