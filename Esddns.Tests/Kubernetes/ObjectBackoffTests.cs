using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Kubernetes.Crd;
using Esddns.Operator.Kubernetes.Status;
using Esddns.Operator.Reconcile.Loop;
using Esddns.Operator.Reconcile.Retries;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Kubernetes;

/// <summary>A failed write of an object delays other objects only when all of them are affected.</summary>
public sealed class ObjectBackoffTests
{
    private const ObjectWriteKind Status = ObjectWriteKind.Status;

    private readonly FakeTimeProvider _time = new();
    private readonly DynamicRecord _first = Object("team", "first");
    private readonly DynamicRecord _second = Object("team", "second");
    private readonly DynamicRecord _third = Object("team", "third");
    private readonly DynamicRecord _other = Object("other", "other");
    private readonly ObjectBackoff _backoff;

    public ObjectBackoffTests() =>
        _backoff = new ObjectBackoff(new RetryDelay(new LoopOptions(), new Random(1)), _time);

    [Fact]
    public void FailedWrite_DelaysItsObjectOnly_AndThisKindOfWriteOnly()
    {
        _backoff.Failed(_first, Status, isForbidden: false);
        _backoff.Failed(_second, Status, isForbidden: false);
        Assert.Equal([false, false, true, true], MayTry());
        Assert.True(_backoff.MayTry(_first, ObjectWriteKind.Finalizers));
        _time.Advance(LoopOptions.MaxBackoff);
        Assert.Equal([true, true, true, true], MayTry());
    }

    [Fact]
    public void WriteForbiddenForOneObject_DoesNotDelayItsNamespace()
    {
        for (var i = 0; i < 3; i++)
            _backoff.Failed(_first, Status, isForbidden: true);
        Assert.Equal([false, true, true, true], MayTry());
    }

    [Fact]
    public void WriteForbiddenForTwoObjects_DelaysTheirNamespace_UntilOneSucceeds()
    {
        _backoff.Failed(_first, Status, isForbidden: true);
        _backoff.Failed(_second, Status, isForbidden: true);
        Assert.Equal([false, false, false, true], MayTry());
        _backoff.Succeeded(_third, Status);
        Assert.Equal([false, false, true, true], MayTry());
        // The success also ends the count of forbidden objects.
        _backoff.Failed(_second, Status, isForbidden: true);
        Assert.True(_backoff.MayTry(_third, Status));
    }

    [Fact]
    public void ObjectsThatNoLongerExist_AreForgotten()
    {
        _backoff.Failed(_first, Status, isForbidden: true);
        _backoff.RetainOnly([_second]);
        Assert.True(_backoff.MayTry(_first, Status));
        _backoff.RetainOnly([]);
        _backoff.Failed(_second, Status, isForbidden: true);
        Assert.True(_backoff.MayTry(_third, Status));
    }

    private bool[] MayTry() => [.. new[] { _first, _second, _third, _other }.Select(o => _backoff.MayTry(o, Status))];

    private static DynamicRecord Object(string @namespace, string name) =>
        new()
        {
            Metadata = new ObjectMeta
            {
                Namespace = @namespace,
                Name = name,
                Uid = name,
            },
        };
}
