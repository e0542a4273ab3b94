using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Esddns.Access;

/// <summary>The limits of all requests. No endpoint needs a large one.</summary>
internal static class RequestLimits
{
    /// <summary>The maximum size of a body, in bytes.</summary>
    public const int MaxBody = 16 * 1024;

    /// <summary>The maximum size of all headers, in bytes.</summary>
    public const int MaxHeaders = 16 * 1024;

    /// <summary>The maximum number of headers.</summary>
    public const int MaxHeaderCount = 64;

    /// <summary>The maximum size of the request line, in bytes.</summary>
    public const int MaxLine = 8 * 1024;

    /// <summary>The maximum time until all headers have arrived.</summary>
    public static readonly TimeSpan HeaderTimeout = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a connection stays open without a request. Proxies reuse idle connections for 60 s (nginx), and a
    /// request on a connection that closes at that moment fails.
    /// </summary>
    public static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(75);

    /// <summary>Sets the limits.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="maxConnections">The maximum number of open connections. Further ones are closed at once.</param>
    public static void LimitRequests(this WebApplicationBuilder builder, int maxConnections) =>
        builder.WebHost.ConfigureKestrel(o =>
        {
            o.Limits.MaxConcurrentConnections = maxConnections;
            o.Limits.MaxRequestBodySize = MaxBody;
            o.Limits.MaxRequestHeadersTotalSize = MaxHeaders;
            o.Limits.MaxRequestHeaderCount = MaxHeaderCount;
            o.Limits.MaxRequestLineSize = MaxLine;
            o.Limits.RequestHeadersTimeout = HeaderTimeout;
            o.Limits.KeepAliveTimeout = KeepAlive;
        });
}
