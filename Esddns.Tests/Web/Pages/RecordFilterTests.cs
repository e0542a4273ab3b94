using Esddns.Contracts;
using Esddns.Web.Pages.Records;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Esddns.Tests.Web.Pages;

/// <summary>The filter and the pages of the records.</summary>
public sealed class RecordFilterTests
{
    private static readonly RecordStatus[] s_records =
    [
        .. Enumerable.Range(0, 250).Select(i => new RecordStatus($"r{i}.example.com", 300, true, "A", "UpToDate")),
        new("broken.example.com", 300, false, "A", "Failed"),
        new("later.example.com", 300, false, "A", "Unknown"),
    ];

    [Theory]
    [InlineData("", "1 to 100 of 252 records", "broken.example.com")]
    [InlineData("?page=3", "201 to 252 of 252 records", "r198.example.com")]
    [InlineData("?page=99", "201 to 252 of 252 records", "r198.example.com")]
    [InlineData("?page=-1&state=nonsense", "1 to 100 of 252 records", "broken.example.com")]
    [InlineData("?page=99999999999999999999", "1 to 100 of 252 records", "broken.example.com")]
    [InlineData("?name=R24", "11 records, of 252 in total", "r24.example.com")]
    [InlineData("?state=NotInSync", "2 records, of 252 in total", "broken.example.com")]
    [InlineData("?state=Unknown", "1 record, of 252 in total", "later.example.com")]
    [InlineData("?name=bücher", "0 records, of 252 in total", null)]
    public void Query_SelectsRecords_TroubleFirst(string query, string text, string? first)
    {
        var selected = Read(query).Select(s_records);
        Assert.Equal(text, selected.Describe());
        Assert.Equal(first, selected.Shown.FirstOrDefault()?.Fqdn);
    }

    [Fact]
    public void Pages_TogetherHaveEachRecordOnce()
    {
        var all = Enumerable.Range(1, 3).SelectMany(p => Read($"?page={p}").Select(s_records).Shown);
        Assert.Equal(252, all.Distinct().Count());
    }

    [Fact]
    public void LinkToAnotherPage_KeepsTheFilter_AndIsEncoded()
    {
        var filter = Read("?name=a%26b%22&state=Failed&page=7");
        Assert.Equal("?name=a%26b%22&state=Failed&page=2", filter.ToQuery(2));
        Assert.Equal(filter with { Page = 1 }, Read(filter.ToQuery(1)));
    }

    [Fact]
    public void SameSelection_HasTheSameKey()
    {
        Assert.Equal(Read("").Key, Read("?other=1&page=1&state=none").Key);
        Assert.NotEqual(Read("?name=failed").Key, Read("?state=Failed").Key);
        Assert.Equal("", Read("?name=" + new string('a', 256)).Name);
    }

    private static RecordFilter Read(string query) =>
        RecordFilter.Read(new QueryCollection(QueryHelpers.ParseQuery(query)));
}
