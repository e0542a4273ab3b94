using System.Net.Http.Headers;
using System.Text;

namespace Esddns.Operator.Kubernetes.Client.Access;

/// <summary>Provides the <c>Authorization</c> header of requests.</summary>
internal interface IRequestCredentials
{
    /// <summary>The header for a request.</summary>
    /// <exception cref="HttpRequestException">The header is unavailable.</exception>
    ValueTask<AuthenticationHeaderValue> HeaderAsync(CancellationToken cancellationToken);
}

/// <summary>Credentials that do not change.</summary>
internal sealed class FixedCredentials(AuthenticationHeaderValue header) : IRequestCredentials
{
    /// <summary>A token.</summary>
    public static FixedCredentials Bearer(string token) => new(new("Bearer", token));

    /// <summary>A name and a password (RFC 7617).</summary>
    public static FixedCredentials Basic(string user, string? password) =>
        new(new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))));

    /// <inheritdoc/>
    public ValueTask<AuthenticationHeaderValue> HeaderAsync(CancellationToken cancellationToken) => new(header);
}
