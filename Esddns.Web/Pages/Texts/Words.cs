namespace Esddns.Web.Pages.Texts;

/// <summary>The fixed texts of the page: titles, labels and short words.</summary>
internal static class Words
{
    public const string Product = "ESDDNS";
    public const string SkipToRecords = "Skip to the records";
    public const string Live = "live";
    public const string Reconnecting = "reconnecting";
    public const string Offline =
        "This page cannot reach the status service. It shows the last known state and retries.";
    public const string NeverReported = "The operator has not reported a status since this service started.";
    public const string LastConfirmed = "Last confirmed";
    public const string Checked = "Checked";

    public const string CheckNow = "Check now";
    public const string Checking = "Checking…";
    public const string CheckStarted = "The operator runs a round.";
    public const string CheckDone = "Round";
    public const string CheckFailed = "The request failed:";
    public const string CheckUnreachable = "Cannot reach the status service. Try again later.";

    public const string Addresses = "Address";
    public const string Copy = "Copy";
    public const string Copied = "Copied";
    public const string NoAddress = "no address";
    public const string Since = "Since";
    public const string Before = "Before";
    public const string LastCheck = "Last check";
    public const string NextCheck = "Next check";

    public const string Records = "Records";
    public const string NoRecords = "No records configured.";
    public const string NoMatch = "No record matches this filter.";
    public const string Name = "Name";
    public const string Values = "Values";
    public const string Ttl = "TTL";
    public const string State = "State";
    public const string NameServers = "Name servers";
    public const string Verified = "Verified";
    public const string Changed = "Changed";
    public const string History = "History";
    public const string Evidence = "Evidence";
    public const string Foreign = "foreign";
    public const string Wanted = "wanted";
    public const string NoRecord = "no record";
    public const string NotRead = "not read yet";
    public const string FilterTitle = "Filter the records";
    public const string AllStates = "all states";
    public const string NotInSync = "not in sync";
    public const string Apply = "Filter";
    public const string Clear = "Clear";
    public const string Pages = "Pages of records";
    public const string Previous = "Previous";
    public const string Next = "Next";

    public const string DeclaredBy = "Declared by";
    public const string Desired = "Desired";
    public const string OtherAnswers = "Other answers";
    public const string Unconfirmed = "Not confirmed";
    public const string LastError = "Last error";
    public const string LastEdit = "Edited by others";
    public const string RetryAt = "Next attempt";

    public const string Changes = "Changes";
    public const string NoChanges = "No changes yet.";
    public const string When = "When";
    public const string Record = "Record";
    public const string From = "From";
    public const string To = "To";
    public const string Why = "Why";
    public const string By = "By";
    public const string Took = "Took";
    public const string Convergence = "From first observation to confirmed write";

    public const string Sources = "Sources";
    public const string NoSources = "No source was asked yet.";
    public const string Source = "Source";
    public const string Method = "Method";
    public const string Provider = "Provider";
    public const string Answer = "Answer";
    public const string Verdict = "Verdict";
    public const string NoAnswer = "none";

    public const string Cluster = "Cluster";
    public const string Leader = "Leader";
    public const string Address = "Address";
    public const string Nodes = "Nodes";
    public const string Agreement = "Agreement";
    public const string Agrees = "agrees";
    public const string Differs = "differs";

    public const string Never = "never";
    public const string NotAskedYet = "not asked yet";
    public const string UpToDate = "up to date";
    public const string Json = "The same as JSON:";

    public const string LastDay = "24 h";
    public const string LastMonth = "30 d";
    public const string LastDayLong = "Last 24 hours";
    public const string LastMonthLong = "Last 30 days";
}
