using System.Collections.Immutable;
using System.Net;

namespace Esddns.Operator.State;

/// <summary>An address and the nodes that observe it.</summary>
/// <param name="Address">The address.</param>
/// <param name="Count">The number of nodes.</param>
/// <param name="Names">The names of the first ten nodes.</param>
internal sealed record NodeView(IPAddress Address, int Count, ImmutableArray<string> Names);
