using System.Globalization;
using Esddns.Contracts;
using Esddns.Web.Api;
using Esddns.Web.Status;

namespace Esddns.Web.Pages.Records;

/// <summary>
/// Selects the records of the page by the query string <c>?name=&amp;state=&amp;page=</c>. Whatever is not valid is
/// ignored: a visitor gets a page, not an error.
/// </summary>
/// <param name="Name">A part of the name in lower case; empty for all names.</param>
/// <param name="State">A state, or <see cref="NotInSync"/>; empty for all states.</param>
/// <param name="Page">The number of the page, from 1.</param>
public sealed record RecordFilter(string Name, string State, int Page)
{
    /// <summary>All records that are not in sync.</summary>
    public const string NotInSync = "NotInSync";

    /// <summary>The number of records on a page.</summary>
    public const int PageSize = 100;

    /// <summary>The maximum length of a name.</summary>
    private const int MaxName = 255;

    /// <summary>All records.</summary>
    public static RecordFilter None { get; } = new("", "", 1);

    /// <summary>Whether it selects records.</summary>
    public bool IsActive => Name.Length > 0 || State.Length > 0;

    /// <summary>The filter in one form: the same for all queries that select the same records.</summary>
    internal string Key => string.Create(CultureInfo.InvariantCulture, $"{Page} {State} {Name}");

    /// <summary>Reads the query string.</summary>
    public static RecordFilter Read(IQueryCollection query)
    {
        var (name, state) = (query["name"].ToString(), query["state"].ToString());
        var isNumber = int.TryParse(query["page"], NumberStyles.None, CultureInfo.InvariantCulture, out var page);
        return new RecordFilter(
            name.Length > MaxName ? "" : name.Trim().ToLowerInvariant(),
            RecordQuery.States.Append(NotInSync).FirstOrDefault(state.Equals) ?? "",
            isNumber ? Math.Max(1, page) : 1
        );
    }

    /// <summary>The query string of another page with the same filter.</summary>
    public string ToQuery(int page)
    {
        var query = new QueryString();
        if (Name.Length > 0)
            query = query.Add("name", Name);
        if (State.Length > 0)
            query = query.Add("state", State);
        return (page > 1 ? query.Add("page", page.ToString(CultureInfo.InvariantCulture)) : query).ToString();
    }

    /// <summary>
    /// Selects the records. Those that are not in sync come first, so that they are seen among many; otherwise the
    /// order is that of the configuration.
    /// </summary>
    internal SelectedRecords Select(RecordStatus[] all)
    {
        var matching = Array.FindAll(all, IsSelected);
        var pages = Math.Max(1, (matching.Length + PageSize - 1) / PageSize);
        var page = Math.Min(Page, pages);
        var shown = matching
            .OrderBy(r => Condition.Of(r) == Condition.InSync)
            .Skip((page - 1) * PageSize)
            .Take(PageSize);
        return new SelectedRecords([.. shown], matching.Length, all.Length, page, pages);
    }

    private bool IsSelected(RecordStatus record) =>
        (Name.Length == 0 || record.HasInName(Name))
        && State switch
        {
            "" => true,
            NotInSync => Condition.Of(record) != Condition.InSync,
            _ => record.StateOrUnknown == State,
        };
}

/// <summary>A page of records.</summary>
/// <param name="Shown">The records of the page.</param>
/// <param name="Matching">The number of records that the filter selects.</param>
/// <param name="All">The number of all records.</param>
/// <param name="Page">The number of the page, from 1.</param>
/// <param name="Pages">The number of pages, at least 1.</param>
internal sealed record SelectedRecords(RecordStatus[] Shown, int Matching, int All, int Page, int Pages)
{
    /// <summary>The numbers of the records in one phrase.</summary>
    public string Describe()
    {
        var invariant = CultureInfo.InvariantCulture;
        var first = ((Page - 1) * RecordFilter.PageSize) + 1;
        var of = Matching == All ? "" : string.Create(invariant, $", of {All:N0} in total");
        return Pages == 1
            ? string.Create(invariant, $"{Matching:N0} record{(Matching == 1 ? "" : "s")}{of}")
            : string.Create(invariant, $"{first:N0} to {first + Shown.Length - 1:N0} of {Matching:N0} records{of}");
    }
}
