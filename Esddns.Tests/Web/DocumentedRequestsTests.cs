using System.Text.RegularExpressions;
using Esddns.Tests.Support;

namespace Esddns.Tests.Web;

/// <summary>The requests of the reference are run, and answer with the fields that it shows.</summary>
public sealed partial class DocumentedRequestsTests
{
    private const string Site = "http://127.0.0.1:51339/";

    public static TheoryData<string, string> Requests =>
        [
            .. Directory
                .GetFiles(Path.Combine(Repository.Root, "docs", "reference"))
                .SelectMany(file => Blocks(File.ReadAllText(file)))
                .Where(b => b.Command.Contains(Site, StringComparison.Ordinal))
                .Select(b => new TheoryDataRow<string, string>(b.Command, b.Output)),
        ];

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Request_AnswersAsDocumented(string command, string output)
    {
        var status = FakeOperator.Status(Statuses.Mixed);
        await using var @operator = await FakeOperator.StartAsync(context =>
            context.Request.Method == "POST"
                ? FakeOperator.SendAsync(context, Statuses.Mixed.ReplaceLineEndings(""))
                : status(context)
        );
        await using var web = await WebRun.StartAsync(@operator.Url);
        await web.FollowsAsync();
        // A stream has no end of its own.
        var request = command
            .Replace(Site, web.Url.ToString(), StringComparison.Ordinal)
            .Replace("curl -sN", "timeout 3 curl -sN", StringComparison.Ordinal);
        var (_, answer) = await Tool.RunAsync(Tool.Require("bash", "bash"), ["-c", request]);
        var fields = Fields().Matches(output).Select(m => m.Value).ToArray();
        Assert.NotEmpty(fields);
        Assert.All(fields, field => Assert.Contains(field, answer, StringComparison.Ordinal));
    }

    /// <summary>The commands in the code blocks, and what they print. Blocks after "not run" are left out.</summary>
    private static IEnumerable<(string Command, string Output)> Blocks(string text) =>
        Block()
            .Matches(text)
            .Where(m => !m.Groups["note"].Success)
            .Select(m => (m.Groups["command"].Value, m.Groups["output"].Value));

    [GeneratedRegex("(?<note><!-- not run[^>]*-->\n)?```console\n\\$ (?<command>[^\n]*)\n(?<output>[^`]*)```")]
    private static partial Regex Block();

    [GeneratedRegex("\"\\w+\":|^(?:id|event|data|retry):", RegexOptions.Multiline)]
    private static partial Regex Fields();
}
