using System.Text.RegularExpressions;
using Esddns.Tests.Support;

namespace Esddns.Tests.Architecture;

/// <summary>Every link of the documentation to a file or heading of the repository leads to it.</summary>
public sealed partial class DocumentedLinksTests
{
    public static TheoryData<string> Pages =>
        [
            .. Directory
                .EnumerateFiles(Repository.Root, "*.md")
                .Concat(
                    Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)
                )
                .Select(page => Path.GetRelativePath(Repository.Root, page))
                .Order(),
        ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_LeadToAFileAndHeading(string page)
    {
        var path = Path.Combine(Repository.Root, page);
        var links = Links().Matches(InlineCode().Replace(Prose(path), "")).Select(link => link.Groups[1].Value);
        Assert.DoesNotContain(links, link => !Scheme().IsMatch(link) && !Exists(path, link));
    }

    [Theory]
    [InlineData("docs/performance.md#no-such-heading", false)]
    [InlineData("docs/no-such-page.md", false)]
    [InlineData("docs/configuration.md#dynamic-updates-rfc-2136", true)]
    [InlineData("docs/reference/api.md#get-apiv1events", true)]
    public void Link_IsChecked(string link, bool exists) =>
        Assert.Equal(exists, Exists(Path.Combine(Repository.Root, "README.md"), link));

    private static bool Exists(string page, string link)
    {
        var parts = link.Split('#');
        var target = parts[0].Length == 0 ? page : Path.Combine(Path.GetDirectoryName(page)!, parts[0]);
        return (File.Exists(target) || Directory.Exists(target))
            && (parts.Length == 1 || Anchors(target).Contains(parts[1]));
    }

    /// <summary>
    /// The anchors of the headings, as GitHub makes them: letters, digits, hyphens and underscores in lower case, a
    /// hyphen for each space, and a number for a repeated one.
    /// </summary>
    private static HashSet<string> Anchors(string page)
    {
        var anchors = new HashSet<string>();
        foreach (Match heading in Headings().Matches(Prose(page)))
        {
            var text = Links().Replace(heading.Groups[1].Value.Trim(), "]");
            var anchor = NotOfAnchors().Replace(text.ToLowerInvariant(), "").Replace(' ', '-');
            for (var i = 0; !anchors.Add(i == 0 ? anchor : $"{anchor}-{i}"); i++) { }
        }

        return anchors;
    }

    /// <summary>The page without its blocks of code.</summary>
    private static string Prose(string page) => Fences().Replace(File.ReadAllText(page), "");

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fences();

    [GeneratedRegex("`[^`\n]*`")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Links();

    [GeneratedRegex("^#+ (.*)$", RegexOptions.Multiline)]
    private static partial Regex Headings();

    [GeneratedRegex(@"[^\p{L}\p{N}_ -]")]
    private static partial Regex NotOfAnchors();

    [GeneratedRegex("^[a-z]+:")]
    private static partial Regex Scheme();
}
