using Esddns.Web.Pages.Records;
using Esddns.Web.Status;

namespace Esddns.Web.Pages;

/// <summary>The input of the page.</summary>
/// <param name="Cached">The newest status.</param>
/// <param name="Now">The time at which the page is made.</param>
/// <param name="Filter">The records to show.</param>
/// <param name="MayCheck">Whether the visitor may request a round.</param>
public sealed record PageModel(CachedStatus Cached, DateTimeOffset Now, RecordFilter Filter, bool MayCheck);
