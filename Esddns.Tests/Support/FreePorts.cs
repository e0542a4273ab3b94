using System.Net;
using System.Net.Sockets;

namespace Esddns.Tests.Support;

/// <summary>Ports for programs that must know them before they start.</summary>
internal static class FreePorts
{
    /// <summary>Different ports of loopback that were free a moment ago.</summary>
    public static int[] Take(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        Array.ForEach(listeners, l => l.Start());
        int[] ports = [.. listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)];
        Array.ForEach(listeners, l => l.Stop());
        return ports;
    }
}
