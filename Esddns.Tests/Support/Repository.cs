namespace Esddns.Tests.Support;

/// <summary>The repository of the tests.</summary>
internal static class Repository
{
    /// <summary>The root folder: the folder with the solution, above the output folder of the tests.</summary>
    public static string Root { get; } = Find();

    /// <summary>The text of a file, by its path from the root.</summary>
    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>The path of a file or folder of the manifests.</summary>
    public static string Manifests(params string[] path) => Path.Combine([Root, "aspirate-output", .. path]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Esddns.sln")))
                return folder.FullName;
        throw new InvalidOperationException($"{AppContext.BaseDirectory} is not inside the repository.");
    }
}
