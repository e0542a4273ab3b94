using System.ComponentModel;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Esddns.Operator.Kubernetes.Client.Access;

/// <summary>
/// Runs a program that prints a token, as kubeconfigs of cloud providers require
/// (<see href="https://kubernetes.io/docs/reference/config-api/client-authentication.v1/"/>):
/// <code>{"kind": "ExecCredential", "status": {"token": "…", "expirationTimestamp": "2026-01-31T12:00:00Z"}}</code>
/// Client certificates of such programs are not supported.
/// </summary>
internal sealed class CredentialPlugin(string? version, ProcessStartInfo command, TimeProvider time)
    : IRequestCredentials
{
    /// <summary>The time before its expiry at which a token is renewed.</summary>
    private static readonly TimeSpan s_margin = TimeSpan.FromMinutes(1);

    /// <summary>The time limit of the program. Some programs request the token from a cloud.</summary>
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);

    private readonly string _request =
        $$"""{"apiVersion": "{{version}}", "kind": "ExecCredential", "spec": {"interactive": false} }""";
    private Token? _last;

    /// <summary>The header for a request. Concurrent requests may each run the program.</summary>
    public async ValueTask<AuthenticationHeaderValue> HeaderAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_last is not { } last || time.GetUtcNow() > last.End)
                _last = last = Read(await RunAsync(cancellationToken));
            return last.Header;
        }
        catch (Exception e) when (e is Win32Exception or JsonException or IOException)
        {
            throw new HttpRequestException($"{command.FileName} returned no token: {e.Message}");
        }
    }

    private static Token Read(string text)
    {
        using var document = JsonDocument.Parse(text);
        if (
            document.RootElement.ValueKind != JsonValueKind.Object
            || !document.RootElement.TryGetProperty("status", out var status)
            || status.ValueKind != JsonValueKind.Object
            || !status.TryGetProperty("token", out var token)
            || token.ValueKind != JsonValueKind.String
        )
            throw new JsonException("its output contains none");
        var end =
            status.TryGetProperty("expirationTimestamp", out var time)
            && time.ValueKind == JsonValueKind.String
            && time.TryGetDateTimeOffset(out var at)
                ? at - s_margin
                : DateTimeOffset.MaxValue;
        return new(new("Bearer", token.GetString()), end);
    }

    private async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        command.RedirectStandardOutput = true;
        command.Environment["KUBERNETES_EXEC_INFO"] = _request;
        using var limit = new CancellationTokenSource(s_timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        using var process = Process.Start(command) ?? throw new IOException("it cannot be started");
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(either.Token);
            await process.WaitForExitAsync(either.Token);
            return process.ExitCode == 0 ? output : throw new IOException($"it exited with code {process.ExitCode}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw new IOException($"it did not end within {s_timeout.TotalSeconds:0} s");
        }
    }

    private sealed record Token(AuthenticationHeaderValue Header, DateTimeOffset End);
}
