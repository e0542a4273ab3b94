using System.Text.Json;
using Esddns.Text;

namespace Esddns.Operator.State;

/// <summary>
/// Keeps the snapshot over restarts. A new file is written beside the old one, flushed to the disk and renamed over it,
/// so that at any moment one whole file is there. A file that could not be replaced is renamed to
/// <c>&lt;file&gt;.outdated</c>: what was published after it is missing, and the next process has to know.
/// </summary>
internal sealed class StateFile(StateOptions options, ILogger<StateFile> logger) : IStateKeeper
{
    private const int MaxBytes = 64 << 20;
    private readonly string? _path = options.File is { } file ? Path.GetFullPath(file) : null;

    /// <inheritdoc/>
    public string? Problem { get; private set; }

    private string Next => _path + ".next";

    private string Outdated => _path + ".outdated";

    /// <summary>
    /// What was kept, or the empty snapshot. A file that cannot be used is moved aside, not overwritten; what is no
    /// file (a folder, a pipe) is left where it is. Neither keeps the operator from starting.
    /// </summary>
    public Snapshot Load()
    {
        if (_path is null)
            return Snapshot.Empty;
        var isReplaceable = IsReplaceable();
        return Load(_path) is { } kept ? kept with { IsOutdated = !isReplaceable }
            : Load(Outdated) is { } outdated ? outdated with { IsOutdated = true }
            : Snapshot.Empty;
    }

    /// <summary>
    /// Keeps <paramref name="snapshot"/>. A disk that refuses is reported; the records are still looked after.
    /// </summary>
    public Task<bool> KeepAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        Save(snapshot);
        return Task.FromResult(true);
    }

    private Snapshot? Load(string path)
    {
        var kind = PlainFile.KindOf(path);
        if (kind == FileKind.None)
            return null;
        string? mistake;
        try
        {
            if (SnapshotJson.Read(PlainFile.Read(path, MaxBytes), out mistake) is { } kept)
                return kept;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            mistake = e.Message;
        }

        MoveAside(path, kind, ForeignText.Clean(mistake));
        return null;
    }

    private void MoveAside(string path, FileKind kind, string mistake)
    {
        var aside = path + ".unreadable";
        if (kind != FileKind.Other && TryMove(path, aside))
        {
            logger.StateUnreadable(path, aside, mistake);
            return;
        }

        // Until it is out of the way nothing can be kept: this is said once.
        logger.StateUnusable(path, mistake);
        Problem = $"the state file {path} cannot be used: {mistake}";
    }

    private void Save(Snapshot snapshot)
    {
        if (_path is null)
            return;
        try
        {
            Write(snapshot, _path);
            if (File.Exists(Outdated))
                File.Delete(Outdated);
            Problem = null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (PlainFile.KindOf(_path) == FileKind.Regular)
                TryMove(_path, Outdated);
            if (Problem is null)
                logger.StateNotSaved(_path, e.Message.TrimEnd('.'));
            Problem = $"the state file {_path} cannot be written: {e.Message.TrimEnd('.')}";
        }
    }

    private void Write(Snapshot snapshot, string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        PlainFile.CreateFolder(folder);
        if (PlainFile.KindOf(path) == FileKind.Other)
            throw new IOException("it is not a regular file; move it away");
        using (var next = PlainFile.CreateAnew(Next))
        {
            JsonSerializer.Serialize(next, snapshot, SnapshotJson.Default.Snapshot);
            next.Flush(flushToDisk: true);
        }

        File.Move(Next, path, overwrite: true);
        PlainFile.FlushFolder(folder);
    }

    /// <summary>
    /// Whether a new file could be made here now, and the old one be written to. Removes what a killed process left of
    /// one.
    /// </summary>
    private bool IsReplaceable()
    {
        try
        {
            if (PlainFile.KindOf(_path!) == FileKind.Regular)
                PlainFile.OpenToWrite(_path!, create: false).Dispose();
            PlainFile.CreateAnew(Next).Dispose();
            File.Delete(Next);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool TryMove(string from, string to)
    {
        try
        {
            File.Move(from, to, overwrite: true);
            PlainFile.FlushFolder(Path.GetDirectoryName(to)!);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
