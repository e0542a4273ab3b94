namespace Esddns.Operator.Kubernetes.Records;

/// <summary>
/// The order in which namespaces get what is scarce: requests to the provider, room in the state, writes of status.
/// </summary>
internal static class RoundRobin
{
    /// <summary>
    /// One of each owner, then the second of each, and so on: many objects of one do not push back the few of another.
    /// </summary>
    public static IEnumerable<T> Of<T>(IEnumerable<T> items, Func<T, string?> owner) =>
        items
            .GroupBy(owner)
            .SelectMany(own => own.Select((item, turn) => (Item: item, Turn: turn)))
            .OrderBy(i => i.Turn)
            .Select(i => i.Item);
}
