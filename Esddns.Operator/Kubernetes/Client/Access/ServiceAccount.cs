namespace Esddns.Operator.Kubernetes.Client.Access;

/// <summary>
/// The access of a pod
/// (<see href="https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/"/>).
/// </summary>
internal static class ServiceAccount
{
    private const string Folder = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>Whether this process is in a pod that may call the API server.</summary>
    public static bool IsThere => Host is { Length: > 0 } && Port is { Length: > 0 } && File.Exists(At("token"));

    private static string? Host => Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST");

    private static string? Port => Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT");

    /// <summary>Reads it.</summary>
    /// <exception cref="InvalidDataException">This is no such pod.</exception>
    /// <exception cref="IOException">A file of it is missing.</exception>
    public static ClusterAccess Read(TimeProvider time) =>
        !IsThere
            ? throw new InvalidDataException("this process is in no pod with a service account")
            : new(new UriBuilder(Uri.UriSchemeHttps, Host, int.Parse(Port!, null)).Uri)
            {
                Namespace = File.Exists(At("namespace")) ? File.ReadAllText(At("namespace")).Trim() : null,
                Authorities = File.ReadAllText(At("ca.crt")),
                Credentials = new TokenFile(At("token"), time),
            };

    private static string At(string file) => Path.Combine(Folder, file);
}
