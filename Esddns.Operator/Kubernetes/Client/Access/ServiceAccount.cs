namespace Esddns.Operator.Kubernetes.Client.Access;

/// <summary>
/// Reads the access of a pod (<see href="https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/"/>).
/// </summary>
internal static class ServiceAccount
{
    private const string Folder = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>Whether this process is in a pod that may call the API server.</summary>
    public static bool IsAvailable => Host is { Length: > 0 } && Port is { Length: > 0 } && File.Exists(At("token"));

    private static string? Host => Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST");

    private static string? Port => Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT");

    /// <summary>Reads the access.</summary>
    /// <exception cref="InvalidDataException">The process does not run in such a pod.</exception>
    /// <exception cref="IOException">A file is missing.</exception>
    public static ClusterAccess Read(TimeProvider time) =>
        !IsAvailable
            ? throw new InvalidDataException("this process does not run in a pod with a service account")
            : new(new UriBuilder(Uri.UriSchemeHttps, Host, int.Parse(Port!, null)).Uri)
            {
                Namespace = File.Exists(At("namespace")) ? File.ReadAllText(At("namespace")).Trim() : null,
                Authorities = File.ReadAllText(At("ca.crt")),
                Credentials = new TokenFile(At("token"), time),
            };

    private static string At(string file) => Path.Combine(Folder, file);
}
