using System.Diagnostics;
using Esddns.Operator.Dns;
using Esddns.Operator.Reconcile;
using Esddns.Operator.Reconcile.Loop;
using Esddns.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Dns;

public sealed class CredentialFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Token => Path.Combine(_folder, "token");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void NewContent_WithSameLengthAndTime_IsRead()
    {
        File.WriteAllText(Token, "first-token");
        var written = File.GetLastWriteTimeUtc(Token);
        Assert.Equal("first-token", Read(out _));
        File.WriteAllText(Token, "other-token");
        File.SetLastWriteTimeUtc(Token, written);
        Assert.Equal("other-token", Read(out _));
    }

    /// <summary>The layout of kubelet: token → ..data/token, ..data → a folder of the version.</summary>
    [Fact]
    public void MountedSecret_NewVersion_IsRead()
    {
        Mount("v1", "first-token");
        Assert.Equal("first-token", Read(out _));
        Mount("v2", "other-token");
        Assert.Equal("other-token", Read(out _));
    }

    [Fact]
    public void File_MissingEmptyOrTooLong_IsAProblem()
    {
        Assert.Null(Read(out var problem));
        Assert.Contains(Token, problem, StringComparison.Ordinal);
        File.WriteAllText(Token, "");
        Assert.Null(Read(out problem));
        Assert.Contains("empty", problem, StringComparison.Ordinal);
        File.WriteAllText(Token, new string('x', CredentialFile.MaxBytes));
        Assert.Equal(CredentialFile.MaxBytes, Read(out _)!.Length);
        File.WriteAllText(Token, new string('x', CredentialFile.MaxBytes + 1));
        Assert.Null(Read(out problem));
        Assert.Contains("65537 bytes", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("xxx", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void NonRegularFile_IsNotOpened()
    {
        Process.Start("mkfifo", [Token]).WaitForExit();
        Assert.Null(Read(out var problem));
        Assert.Contains("not a regular file", problem, StringComparison.Ordinal);
        foreach (var path in new[] { "/dev/zero", _folder, "a\0b" })
        {
            Assert.Null(new CredentialFile(path).Read(out problem));
            Assert.NotNull(problem);
        }

        var dangling = Path.Combine(_folder, "dangling");
        File.CreateSymbolicLink(dangling, Path.Combine(_folder, "nowhere"));
        Assert.Null(new CredentialFile(dangling).Read(out problem));
        Assert.NotNull(problem);
    }

    [Fact]
    public async Task NewContentOnly_TriggersARound()
    {
        var (time, trigger) = (new FakeTimeProvider(), new ReconcileTrigger(TimeProvider.System));
        Mount("v1", "first-token");
        var second = Path.Combine(_folder, "second");
        using var watch = new CredentialsWatch(
            [new(Token), new(second)],
            trigger,
            time,
            NullLogger<CredentialsWatch>.Instance
        );
        await watch.StartAsync(Cancel);
        await AdvanceAsync(time);
        Assert.Equal(ReconcileReason.Timer, await NextAsync(trigger));

        Mount("v2", "first-token");
        await AdvanceAsync(time);
        Assert.Equal(ReconcileReason.Timer, await NextAsync(trigger));

        Mount("v3", "other-token");
        await IsTriggeredAsync(time, trigger);
        await AdvanceAsync(time);
        Assert.Equal(ReconcileReason.Timer, await NextAsync(trigger));

        // A removed file triggers no round. Its return and a new file trigger one.
        File.Delete(Token);
        await AdvanceAsync(time);
        Assert.Equal(ReconcileReason.Timer, await NextAsync(trigger));
        Mount("v4", "other-token");
        await IsTriggeredAsync(time, trigger);
        await File.WriteAllTextAsync(second, "second-token", Cancel);
        await IsTriggeredAsync(time, trigger);
        await watch.StopAsync(Cancel);
    }

    [Fact]
    public async Task TokenFile_Replaced_EndsTheBackoff()
    {
        await using var simulator = await Sim.StartAsync();
        await File.WriteAllTextAsync(Token, "no-longer-valid", Cancel);
        await using var run = await OperatorRun.StartAsync(
            simulator,
            s =>
            {
                s.Remove("Esddns:LiveDns:Token");
                s["Esddns:LiveDns:TokenFile"] = Token;
            }
        );
        await Eventually.IsTrueAsync(() => run.Snapshot.Records.Any(r => r.LastError?.Type == "unauthorized"));
        await File.WriteAllTextAsync(Token, "simulator-token", Cancel);
        await Eventually.IsTrueAsync(() => run.Snapshot.InSync);
    }

    private static async Task AdvanceAsync(FakeTimeProvider time)
    {
        for (var i = 0; i < 4; i++)
        {
            time.Advance(TimeSpan.FromSeconds(5));
            await Task.Yield();
        }
    }

    private static Task IsTriggeredAsync(FakeTimeProvider time, ReconcileTrigger trigger) =>
        Eventually.IsTrueAsync(async () =>
        {
            time.Advance(TimeSpan.FromSeconds(5));
            return await NextAsync(trigger) == ReconcileReason.Credentials;
        });

    private static async Task<ReconcileReason> NextAsync(ReconcileTrigger trigger) =>
        (await trigger.NextAsync(TimeSpan.Zero, ReconcileReason.Timer, Cancel)).Reasons[^1];

    private string? Read(out string? problem) => new CredentialFile(Token).Read(out problem);

    private void Mount(string version, string token)
    {
        Directory.CreateDirectory(Path.Combine(_folder, version));
        File.WriteAllText(Path.Combine(_folder, version, "token"), token);
        var data = Path.Combine(_folder, "..data");
        if (Directory.Exists(data))
            Directory.Delete(data);
        Directory.CreateSymbolicLink(data, version);
        File.Delete(Token);
        File.CreateSymbolicLink(Token, Path.Combine("..data", "token"));
    }
}
