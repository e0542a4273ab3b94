using System.Net.Http.Headers;
using System.Text;

namespace Esddns.Operator.Kubernetes.Client.Access;

/// <summary>Credentials that belong to a request.</summary>
internal interface IRequestCredentials
{
    /// <summary>The header to send now.</summary>
    /// <exception cref="HttpRequestException">There is none.</exception>
    ValueTask<AuthenticationHeaderValue> HeaderAsync(CancellationToken cancellationToken);
}

/// <summary>Credentials that stay.</summary>
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
