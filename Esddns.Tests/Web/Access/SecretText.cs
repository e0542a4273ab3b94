using System.Text;

namespace Esddns.Tests.Web.Access;

/// <summary>A file with a secret, deleted at the end of the test.</summary>
internal sealed class SecretText : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("esddns-secret-").FullName;

    public SecretText(string text)
    {
        Path = System.IO.Path.Combine(_folder, "secret");
        Write(text);
    }

    public string Path { get; }

    public void Write(string text) => File.WriteAllText(Path, text);

    /// <summary>The header of the basic authentication.</summary>
    public static (string Name, string Value) Basic(string user) =>
        ("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(user))}");

    /// <summary>The header of a bearer token.</summary>
    public static (string Name, string Value) Bearer(string token) => ("Authorization", $"Bearer {token}");

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
