using System.Text.Json;
using Esddns.Files;
using Esddns.Operator.State;

namespace Esddns.Operator.Notifications.Queue;

/// <summary>
/// Stores the ledger beside the state file, as <c>&lt;file&gt;.notifications</c>; the lock of the state file protects
/// it too. A file that cannot be read is renamed. Without a state file, the ledger is lost at a restart.
/// </summary>
internal sealed class LedgerFile(StateOptions options, ILogger<LedgerFile> logger) : ILedgerStore
{
    /// <summary>The maximum size of the file in bytes; a larger one is not read.</summary>
    private const int MaxBytes = 4 << 20;

    private readonly string? _path = options.File is { } file ? Path.GetFullPath(file) + ".notifications" : null;
    private string? _problem;
    private Ledger? _last;

    /// <inheritdoc/>
    public Task<Ledger?> LoadAsync(CancellationToken cancellationToken) => Task.FromResult<Ledger?>(_last ??= Load());

    /// <summary>
    /// Stores the ledger. After a disk error, messages are still sent: they may be sent again after a restart.
    /// </summary>
    public Task<SaveOutcome> SaveAsync(Ledger ledger, CancellationToken cancellationToken)
    {
        _last = ledger;
        if (_path is not null)
            Save(ledger, _path);
        return Task.FromResult(SaveOutcome.Saved);
    }

    private Ledger Load()
    {
        if (_path is null || PlainFile.KindOf(_path) == FileKind.None)
            return Ledger.Empty;
        try
        {
            return LedgerJson.Read(PlainFile.Read(_path, MaxBytes));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            logger.QueueUnreadable($"{_path}: {e.Message.TrimEnd('.')}");
        }

        try
        {
            if (PlainFile.KindOf(_path) != FileKind.Other)
                File.Move(_path, _path + ".unreadable", overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Storing the ledger reports the same problem.
        }

        return Ledger.Empty;
    }

    private void Save(Ledger ledger, string path)
    {
        string? problem = null;
        try
        {
            PlainFile.Replace(path, file => Write(ledger, file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = $"{path}: {e.Message.TrimEnd('.')}";
            if (_problem is null)
                logger.QueueNotStored(problem);
        }

        _problem = problem;
    }

    private static void Write(Ledger ledger, Stream file)
    {
        using var writer = new Utf8JsonWriter(file);
        LedgerJson.Write(writer, ledger);
    }
}
