using Esddns.Tests.Support;

namespace Esddns.Tests.Kubernetes;

/// <summary>Suspended, deleted and observed DynamicRecord objects.</summary>
public sealed class DynamicRecordLifecycleTests(KubeApi api) : DynamicRecordScenario(api)
{
    [Fact]
    public async Task ObserveOnly_WritesNothing_AndReportsThePlan()
    {
        _simulator.LiveDns.Set("example.com", "app", "A", 300, "192.0.2.1");
        await _namespace.RecordAsync(
            "app",
            "{zone: example.com, name: app, policy: ObserveOnly, addressFrom: {wan: {}}}"
        );
        await Eventually.IsTrueAsync(async () =>
            await _namespace.ConditionAsync("app", "Programmed") == "False Preserved"
        );
        Assert.Contains(
            "would write 203.0.113.10",
            (await _namespace.RecordAsync("app")).Status!.Conditions!.Single(c => c.Type == "Programmed").Message,
            StringComparison.Ordinal
        );
        Assert.Empty(_simulator.Requests.Writes);
    }

    [Fact]
    public async Task Suspend_PreservesTheRecord_UntilItEnds()
    {
        await _namespace.RecordAsync("app", "{zone: example.com, name: app, suspend: true, addressFrom: {wan: {}}}");
        await Eventually.IsTrueAsync(async () =>
            await _namespace.ConditionAsync("app", "Programmed") == "False Preserved"
        );
        Assert.Empty(_simulator.Requests.All);
        await _namespace.RecordAsync("app", Wan);
        await HasValuesAsync("app", "203.0.113.10");
    }

    [Fact]
    public async Task Delete_KeepsTheRecord()
    {
        await _namespace.RecordAsync("app", Wan);
        await HasValuesAsync("app", "203.0.113.10");
        await DeleteAsync("app");
        await Eventually.IsTrueAsync(() => _operator.Snapshot.Records.Count == 0);
        await HasValuesAsync("app", "203.0.113.10");
    }

    [Fact]
    public async Task Delete_WithCleanup_RemovesOnlyOurValues()
    {
        await _namespace.RecordAsync("app", Wan, "annotations: {esddns.io/cleanup: 'true'}");
        await HasValuesAsync("app", "203.0.113.10");
        _simulator.LiveDns.Set("example.com", "app", "A", 300, "203.0.113.10", "192.0.2.99");
        await Eventually.IsTrueAsync(async () =>
            (await _namespace.RecordAsync("app")).Metadata.Finalizers is ["esddns.io/cleanup"]
        );
        await DeleteAsync("app");
        await HasValuesAsync("app", "192.0.2.99");
        await Eventually.IsTrueAsync(async () => await IsGoneAsync("app"));
    }

    private async Task<bool> IsGoneAsync(string name) =>
        (await Api.KubectlAsync(null, "get", "--namespace", _namespace.Name, "ddr", name)).ExitCode != 0;
}
