namespace Esddns.Operator.Kubernetes.Records;

/// <summary>
/// The order in which namespaces share a limited resource: requests to the DNS provider, room in the state, status
/// writes.
/// </summary>
internal static class RoundRobin
{
    /// <summary>
    /// Returns the first item of each owner, then the second of each, and so on. Many items of one owner do not delay
    /// the few items of another.
    /// </summary>
    public static IEnumerable<T> Of<T>(IEnumerable<T> items, Func<T, string?> owner) =>
        items
            .GroupBy(owner)
            .SelectMany(own => own.Select((item, turn) => (Item: item, Turn: turn)))
            .OrderBy(i => i.Turn)
            .Select(i => i.Item);
}
