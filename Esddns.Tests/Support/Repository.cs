namespace Esddns.Tests.Support;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Repository
{
    /// <summary>Its top folder: the one with the solution in it, above the tests' output.</summary>
    public static string Root { get; } = Find();

    /// <summary>A file or folder of the manifests.</summary>
    public static string Manifests(params string[] path) => Path.Combine([Root, "aspirate-output", .. path]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Esddns.sln")))
                return folder.FullName;
        throw new InvalidOperationException($"{AppContext.BaseDirectory} is not below a checkout.");
    }
}
