using System.Globalization;
using System.Text;
using Esddns.Operator.Kubernetes.Client.Access;
using Esddns.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Kubernetes;

/// <summary>Server, certificates and credentials, as read from a kubeconfig.</summary>
public sealed class KubeconfigTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("esddns-kubeconfig-");
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task CurrentContext_IsUsed_WithRelativeFiles()
    {
        Write("ca.crt", "authority");
        Write("client.crt", "certificate");
        var access = Read(
            $$$"""
            apiVersion: v1
            kind: Config
            current-context: second
            contexts:
            - {name: first, context: {cluster: none, user: none}}
            - name: second
              context: {cluster: main, user: me, namespace: team}
            clusters:
            - name: main
              cluster: {server: "https://192.0.2.1:6443", certificate-authority: ca.crt, tls-server-name: kubernetes}
            users:
            - name: me
              user: {client-certificate: client.crt, client-key-data: {{{Base64(
                "key"
            )}}}, username: me, password: secret}
            """
        );
        Assert.Equal(
            (new Uri("https://192.0.2.1:6443"), "team", "authority", "kubernetes", false),
            (access.Server, access.Namespace, access.Authorities, access.ServerName, access.SkipsTlsVerification)
        );
        Assert.Equal(("certificate", "key"), access.Client);
        Assert.Equal($"Basic {Base64("me:secret")}", await HeaderAsync(access));
    }

    [Fact]
    public async Task Json_IsRead()
    {
        var access = Read(Config("""{"token": "abc"}"""));
        Assert.Equal("Bearer abc", await HeaderAsync(access));
        Assert.Null(access.Client);
    }

    [Fact]
    public async Task TokenFile_IsReadAgainAfterAMinute()
    {
        Write("token", "one\n");
        var access = Read(Config("""{"tokenFile": "token", "token": "not this one"}"""));
        Assert.Equal("Bearer one", await HeaderAsync(access));
        Write("token", "two\n");
        Assert.Equal("Bearer one", await HeaderAsync(access));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("Bearer two", await HeaderAsync(access));
        File.Delete(Path.Combine(_folder.FullName, "token"));
        _time.Advance(TimeSpan.FromMinutes(1));
        await Assert.ThrowsAsync<HttpRequestException>(() => HeaderAsync(access));
    }

    [Fact]
    public async Task Plugin_RunsAgainBeforeItsTokenExpires()
    {
        Write("count", "");
        Write(
            "plugin.sh",
            """
            cd "$1" && echo "$KUBERNETES_EXEC_INFO" >info && echo x >>count
            echo '{"status": {"token": "'"$WORD-$(wc -l <count)"'", "expirationTimestamp": "'"$2"'"}}'
            """
        );
        var end = _time.GetUtcNow().AddHours(1).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var access = Read(
            Config(
                $$$"""
                {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": "/bin/sh",
                          "args": ["{{{_folder.FullName}}}/plugin.sh", "{{{_folder.FullName}}}", "{{{end}}}"],
                          "env": [{"name": "WORD", "value": "abc"}]}}
                """
            )
        );
        Assert.Equal("Bearer abc-1", await HeaderAsync(access));
        Assert.Equal("Bearer abc-1", await HeaderAsync(access));
        _time.Advance(TimeSpan.FromMinutes(59.5));
        Assert.Equal("Bearer abc-2", await HeaderAsync(access));
        var info = await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "info"), Cancel);
        Assert.Contains("client.authentication.k8s.io/v1", info, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/bin/false", "it exited with code 1")]
    [InlineData("/bin/echo", "returned no token")]
    [InlineData("/nowhere/at-all", "returned no token")]
    public async Task PluginFails_RequestFails(string command, string problem)
    {
        var access = Read(Config($$$"""{"exec": {"command": "{{{command}}}"} }"""));
        var e = await Assert.ThrowsAsync<HttpRequestException>(() => HeaderAsync(access));
        Assert.Contains(problem, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PluginDoesNotEnd_IsStopped()
    {
        var access = Read(Config("""{"exec": {"command": "sleep", "args": ["3600"]} }"""));
        var header = HeaderAsync(access);
        await Eventually.IsTrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            return header.IsCompleted;
        });
        var e = await Assert.ThrowsAsync<HttpRequestException>(() => header);
        Assert.Contains("did not end within 30 s", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a: [", "is not YAML")]
    [InlineData("", "is not a kubeconfig")]
    [InlineData("[]", "is not a kubeconfig")]
    [InlineData("{}", "there is no context ''")]
    [InlineData("{current-context: a, contexts: [{name: a, context: {cluster: b}}]}", "there is no cluster 'b'")]
    [InlineData(
        "{current-context: a, contexts: [{name: a, context: {cluster: b, user: c}}], "
            + "clusters: [{name: b, cluster: {server: nowhere}}], users: [{name: c, user: {}}]}",
        "no valid server address"
    )]
    public void InvalidKubeconfig_ThrowsWithTheReason(string text, string mistake)
    {
        var e = Assert.Throws<InvalidDataException>(() => Read(text));
        Assert.Contains(mistake, e.Message, StringComparison.Ordinal);
    }

    private static string Config(string user) =>
        $$$"""
            {"current-context": "a", "contexts": [{"name": "a", "context": {"cluster": "b", "user": "c"}}],
             "clusters": [{"name": "b", "cluster": {"server": "https://192.0.2.1"}}],
             "users": [{"name": "c", "user": {{{user}}} }]}
            """;

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static async Task<string> HeaderAsync(ClusterAccess access) =>
        (await access.Credentials!.HeaderAsync(Cancel)).ToString();

    private ClusterAccess Read(string text)
    {
        Write("kubeconfig", text);
        return Kubeconfig.Read(Path.Combine(_folder.FullName, "kubeconfig"), _time);
    }

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(_folder.FullName, file), text);
}
