using System.Text;
using Esddns.Contracts;
using Esddns.Web.Pages;
using Esddns.Web.Pages.Answer;
using Esddns.Web.Pages.Records;
using Esddns.Web.Status;

namespace Esddns.Tests.Web.Pages;

/// <summary>The first line of the page.</summary>
public sealed class AnswerLineTests
{
    private const string Served = ",\"propagation\":{\"isDone\":true,\"others\":[],\"asked\":3}";
    private const string Second = """
        "records":[{"fqdn":"other.example.com","type":"A","ttl":300,"inSync":true,"state":"UpToDate"},
        """;

    [Fact]
    public void OneName_InSync_ShowsTheValueAndItsEvidence()
    {
        var line = Line(FakeOperator.Json(record: Served));
        Assert.Equal((Tone.Good, "In sync"), (line.Tone, line.Word));
        Assert.Equal("home.example.com → 203.0.113.10", line.Text);
        Assert.Equal("Correct at 3 of 3 name servers.", line.Detail);
        Assert.Equal("In sync: home.example.com → 203.0.113.10 – ESDDNS", line.Title);
    }

    [Fact]
    public void OneName_SomeNameServersDiffer_AreNotCounted()
    {
        const string others =
            ",\"propagation\":{\"isDone\":false,\"others\":[{\"server\":\"192.0.2.1:53\"}],\"asked\":3}";
        Assert.Equal("Correct at 2 of 3 name servers.", Line(FakeOperator.Json(record: others)).Detail);
    }

    [Fact]
    public void SeveralNames_InSync_AreCounted()
    {
        var line = Line(WithSecond(FakeOperator.Json(record: Served)));
        Assert.Equal("All 2 records are up to date", line.Text);
        Assert.Equal("Correct at all name servers: 1 of 1 record.", line.Detail);
    }

    [Fact]
    public void SeveralNames_WithFewValues_ShowThem()
    {
        var known = Second.Replace(
            "\"inSync\":true",
            "\"inSync\":true,\"current\":[\"203.0.113.10\"]",
            StringComparison.Ordinal
        );
        var json = FakeOperator.Json(record: Served).Replace("\"records\":[", known, StringComparison.Ordinal);
        Assert.Equal("All 2 records → 203.0.113.10", Line(json).Text);
    }

    [Fact]
    public void OneRecordNotInSync_IsNamedWithItsReason()
    {
        var line = Line(
            FakeOperator.Json(inSync: false, record: ",\"type\":\"A\",\"state\":\"Failed\",\"reason\":\"401\"")
        );
        Assert.Equal(Tone.Bad, line.Tone);
        Assert.Equal("home.example.com A is not up to date", line.Text);
        Assert.Equal("Failed: 401.", line.Detail);
    }

    [Fact]
    public void SeveralRecordsNotInSync_AreCounted_AndTheFirstIsNamed()
    {
        var failed = FakeOperator.Json(inSync: false, record: ",\"state\":\"Failed\",\"reason\":\"401\"");
        var line = Line(WithSecond(failed).Replace("\"UpToDate\"", "\"Unknown\"", StringComparison.Ordinal));
        Assert.Equal((Tone.Bad, "2 of 2 records are not up to date"), (line.Tone, line.Text));
        Assert.Equal("home.example.com A: failed: 401.", line.Detail);
    }

    [Fact]
    public void RecordWithoutAKnownAddress_StaysUnchanged_AndTheAnswersOfTheSourcesAreLeftOut()
    {
        const string why = "address unknown (203.0.113.7 from a (2); 203.0.113.8 from b)";
        var json = FakeOperator.Json(
            inSync: false,
            record: ",\"type\":\"A\",\"state\":\"LeftAlone\",\"reason\":\""
                + why
                + "; since then\","
                + "\"preserved\":{\"since\":\"2026-11-25T08:00:00Z\",\"reason\":\""
                + why
                + "\"}"
        );
        var line = Line(json);
        Assert.Equal("home.example.com A stays unchanged", line.Text);
        Assert.Equal("Left alone: address unknown; since then.", line.Detail);
        var evidence = RecordEvidence.Of(Read(json).Records[0]);
        Assert.Contains(evidence, e => e.Text == why);
    }

    [Fact]
    public void OnlySkippedRecords_HaveNothingToPublish()
    {
        var line = Line(FakeOperator.Json(record: ",\"state\":\"Skipped\",\"reason\":\"no IPv6\""));
        Assert.Equal(("There is nothing to publish", "No IPv6."), (line.Text, line.Detail));
    }

    [Fact]
    public void OnlySkippedNotInSync_NamesNoRecord()
    {
        var line = Line(FakeOperator.Json(inSync: false, record: ",\"state\":\"Skipped\""));
        Assert.Equal((Tone.Unknown, "Not all records are up to date"), (line.Tone, line.Text));
    }

    [Fact]
    public void StaleStatus_IsNeverShownAsGood()
    {
        var line = AnswerLine.Of(
            new CachedStatus(Read(FakeOperator.Json()), TimeSpan.Zero, "Cannot reach the operator")
        );
        Assert.Equal((Tone.Unknown, "Out of date"), (line.Tone, line.Word));
        Assert.StartsWith("Last known state: home.example.com", line.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void NoStatus_IsUnknown()
    {
        var line = AnswerLine.Of(new CachedStatus(null, null, "it has not reported a status yet"));
        Assert.Equal((Tone.Unknown, "No status yet", null), (line.Tone, line.Text, line.CheckedAt));
    }

    private static AnswerLine Line(string json) => AnswerLine.Of(new CachedStatus(Read(json), TimeSpan.Zero, null));

    private static string WithSecond(string json) => json.Replace("\"records\":[", Second, StringComparison.Ordinal);

    private static StatusDocument Read(string json) => StatusJson.Read(Encoding.UTF8.GetBytes(json))!;
}
