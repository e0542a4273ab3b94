using System.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Esddns.Operator.Kubernetes.Client.Access;

/// <summary>
/// Reads the access that a kubeconfig describes
/// (<see href="https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/"/>), by its current context:
/// <code>
/// current-context: a
/// contexts: [{name: a, context: {cluster: b, user: c, namespace: d}}]
/// clusters: [{name: b, cluster: {server: 'https://192.0.2.1:6443', certificate-authority: ca.crt}}]
/// users: [{name: c, user: {client-certificate: c.crt, client-key: c.key}}]
/// </code>
/// </summary>
internal sealed class Kubeconfig
{
    private readonly string _folder;
    private readonly YamlMappingNode _root;

    private Kubeconfig(string folder, YamlMappingNode root) => (_folder, _root) = (folder, root);

    /// <summary>Reads a kubeconfig.</summary>
    /// <exception cref="InvalidDataException">The kubeconfig cannot be parsed.</exception>
    /// <exception cref="IOException">The kubeconfig, or a file that it names, cannot be read.</exception>
    public static ClusterAccess Read(string file, TimeProvider time)
    {
        var yaml = new YamlStream();
        try
        {
            using var text = File.OpenText(file);
            yaml.Load(text);
        }
        catch (YamlException e)
        {
            throw new InvalidDataException($"{file} is not YAML: {e.Message}");
        }

        return yaml.Documents is [{ RootNode: YamlMappingNode root }, ..]
            ? new Kubeconfig(Path.GetDirectoryName(Path.GetFullPath(file))!, root).Current(time)
            : throw new InvalidDataException($"{file} is not a kubeconfig");
    }

    private ClusterAccess Current(TimeProvider time)
    {
        var context = Named("contexts", "context", Text(_root, "current-context"));
        var cluster = Named("clusters", "cluster", Text(context, "cluster"));
        var user = Named("users", "user", Text(context, "user"));
        if (!Uri.TryCreate(Text(cluster, "server"), UriKind.Absolute, out var server))
            throw new InvalidDataException("the cluster of the current context has no valid server address");
        return new ClusterAccess(server)
        {
            Namespace = Text(context, "namespace"),
            Authorities = Pem(cluster, "certificate-authority"),
            ServerName = Text(cluster, "tls-server-name"),
            SkipsTlsVerification = Text(cluster, "insecure-skip-tls-verify") == "true",
            Client =
                Pem(user, "client-certificate") is { } certificate && Pem(user, "client-key") is { } key
                    ? (certificate, key)
                    : null,
            Credentials = Credentials(user, time),
        };
    }

    private IRequestCredentials? Credentials(YamlMappingNode user, TimeProvider time)
    {
        if (Text(user, "tokenFile") is { } file)
            return new TokenFile(Path.Combine(_folder, file), time);
        if (Text(user, "token") is { } token)
            return FixedCredentials.Bearer(token);
        if (Text(user, "username") is { } name)
            return FixedCredentials.Basic(name, Text(user, "password"));
        return Child(user, "exec") is { } exec
            ? new CredentialPlugin(Text(exec, "apiVersion"), Command(exec), time)
            : null;
    }

    /// <summary>
    /// The command of a credential plugin. A path is relative to the folder of the kubeconfig; a name without a slash
    /// is searched in the search path.
    /// </summary>
    private System.Diagnostics.ProcessStartInfo Command(YamlMappingNode exec)
    {
        var command = Text(exec, "command") ?? throw new InvalidDataException("exec of the user has no command");
        var start = new System.Diagnostics.ProcessStartInfo(
            command.Contains('/', StringComparison.Ordinal) ? Path.Combine(_folder, command) : command
        );
        foreach (var argument in Items(exec, "args"))
            start.ArgumentList.Add(argument.ToString());
        foreach (var variable in Items(exec, "env").OfType<YamlMappingNode>())
            start.Environment[Text(variable, "name") ?? ""] = Text(variable, "value");
        return start;
    }

    /// <summary>Reads PEM data from base64, or from a file relative to the kubeconfig.</summary>
    private string? Pem(YamlMappingNode node, string key)
    {
        try
        {
            if (Text(node, key + "-data") is { } data)
                return Encoding.UTF8.GetString(Convert.FromBase64String(data));
            return Text(node, key) is { } file ? File.ReadAllText(Path.Combine(_folder, file)) : null;
        }
        catch (FormatException)
        {
            throw new InvalidDataException($"{key}-data is not base64");
        }
    }

    private YamlMappingNode Named(string list, string kind, string? name) =>
        Items(_root, list)
            .OfType<YamlMappingNode>()
            .Where(i => name is not null && Text(i, "name") == name)
            .Select(i => Child(i, kind))
            .FirstOrDefault(i => i is not null)
        ?? throw new InvalidDataException($"there is no {kind} '{name}', which the current context requires");

    private static YamlMappingNode? Child(YamlMappingNode node, string key) => Value(node, key) as YamlMappingNode;

    private static IEnumerable<YamlNode> Items(YamlMappingNode node, string key) =>
        Value(node, key) is YamlSequenceNode items ? items : [];

    private static string? Text(YamlMappingNode node, string key) =>
        Value(node, key) is YamlScalarNode { Value: { Length: > 0 } text } ? text : null;

    private static YamlNode? Value(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out var value) ? value : null;
}
