using System.Net;
using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Authoritative;

namespace Esddns.Tests.Dns;

/// <summary>
/// Equality of answers and of RRsets. The operator would miss a change if different values compared as equal.
/// </summary>
public sealed class EqualityTests
{
    private static readonly AddressSet s_values = AddressSet.Of(IPAddress.Parse("192.0.2.1"));
    private static readonly AddressSet s_others = AddressSet.Of(IPAddress.Parse("192.0.2.2"));

    [Fact]
    public void ServerAnswers_DifferentServer_AreAlike()
    {
        var answer = new ServerAnswer("a", s_values, null, ServerAnswerKind.Records, 300);
        Assert.True(answer.IsLike(answer with { Server = "b" }));
        Assert.False(answer.IsLike(answer with { Values = s_others }));
        Assert.False(answer.IsLike(answer with { Reason = "late" }));
        Assert.False(answer.IsLike(answer with { Kind = ServerAnswerKind.Unknown }));
        Assert.False(answer.IsLike(answer with { Ttl = 60 }));
    }

    [Fact]
    public void ServerAnswer_ToString_HasServerAndReason()
    {
        var answer = new ServerAnswer("a", s_values, null, ServerAnswerKind.Records, 300);
        Assert.Equal("a answers 192.0.2.1 with a TTL of 300 s", answer.ToString());
        Assert.Equal("a answers 192.0.2.1", (answer with { Ttl = null }).ToString());
        Assert.Equal("a is silent", new ServerAnswer("a", null, "is silent").ToString());
    }

    [Fact]
    public void RRsets_SameStoredContent_AreEqual()
    {
        var key = new RecordKey(DomainName.Parse("example.com"), OwnerName.Parse("home"), RecordType.A);
        var rrset = new RRset(key, 300, s_values);
        Assert.Equal(rrset, rrset with { Values = AddressSet.Of(IPAddress.Parse("192.0.2.1")) });
        Assert.False(rrset.Equals(null));
        Assert.NotEqual(rrset, rrset with { Ttl = 600 });
        Assert.NotEqual(rrset, rrset with { Key = key with { Type = RecordType.AAAA } });
        Assert.NotEqual(rrset, rrset with { Href = "https://dns.example/1" });
        Assert.NotEqual(rrset, rrset with { StoredName = "HOME" });
        Assert.NotEqual(rrset, rrset with { Unwritable = "not text" });
        Assert.NotEqual(rrset, rrset with { Values = s_others });
        Assert.NotEqual(rrset, rrset with { Unparsed = ["010.1.1.1"] });
    }

    [Fact]
    public void TtlRange_IncludesItsBounds()
    {
        var range = new TtlRange(300, 600);
        Assert.Equal([false, true, true, false], new[] { 299, 300, 600, 601 }.Select(range.Contains));
    }
}
