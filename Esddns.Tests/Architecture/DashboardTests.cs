using System.Text.Json.Nodes;
using Esddns.Tests.Support;

namespace Esddns.Tests.Architecture;

/// <summary>The dashboard for Grafana.</summary>
public sealed class DashboardTests
{
    private static readonly JsonNode[] s_panels =
    [
        .. JsonNode.Parse(Repository.Read("aspirate-output/monitoring/dashboard.json"))!["panels"]!
            .AsArray()
            .OfType<JsonNode>(),
    ];

    [Fact]
    public void Panels_HaveIdsOfTheirOwn_AndDoNotOverlap()
    {
        Assert.Equal(s_panels.Length, s_panels.Select(p => (int)p["id"]!).Distinct().Count());
        var cells = s_panels.SelectMany(p => Cells(p["gridPos"]!)).ToArray();
        Assert.Equal(cells.Length, cells.Distinct().Count());
        Assert.All(cells, cell => Assert.InRange(cell.X, 0, 23));
    }

    /// <summary>A healthy machine has no series of these metrics, and "No data" would look like a fault.</summary>
    [Theory]
    [InlineData("Sources without an answer", "none")]
    [InlineData("Failed records", "none")]
    [InlineData("The token ends in", "not declared")]
    [InlineData("Notifications", "no channels")]
    public void PanelWithoutSeries_ExplainsIt(string title, string expected) =>
        Assert.Equal(
            expected,
            (string?)s_panels.Single(p => (string?)p["title"] == title)["fieldConfig"]!["defaults"]!["noValue"]
        );

    private static IEnumerable<(int X, int Y)> Cells(JsonNode at) =>
        from x in Enumerable.Range((int)at["x"]!, (int)at["w"]!)
        from y in Enumerable.Range((int)at["y"]!, (int)at["h"]!)
        select (x, y);
}
