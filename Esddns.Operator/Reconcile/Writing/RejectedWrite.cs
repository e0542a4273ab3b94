using Esddns.Operator.Dns;

namespace Esddns.Operator.Reconcile.Writing;

/// <summary>
/// A write that the DNS provider rejected. It rejects the same write again, so it is not retried until the desired
/// state changes.
/// </summary>
internal sealed record RejectedWrite(RecordId Id, AddressSet? Desired, int Ttl);
