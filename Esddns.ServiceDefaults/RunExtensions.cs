using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;

namespace Microsoft.Extensions.Hosting;

/// <summary>Runs a service to its end.</summary>
public static class RunExtensions
{
    /// <summary>Runs until it is asked to stop; a port that is taken or forbidden is one clear line.</summary>
    /// <returns>The exit code: 0, or 1 when it could not listen.</returns>
    public static async Task<int> RunOrExplainAsync(this WebApplication app)
    {
        try
        {
            await app.RunAsync();
            return 0;
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            await Console.Error.WriteLineAsync($"{e.Message} Stop what listens there, or choose another address with --urls.");
        }
        catch (SocketException e)
        {
            await Console.Error.WriteLineAsync($"Cannot listen on {string.Join(", ", app.Urls)}: {e.Message}. Choose another address with --urls.");
        }

        return 1;
    }
}
