using System.Text.Json;
using Esddns.Files;
using Esddns.Text;

namespace Esddns.Operator.State;

/// <summary>
/// Stores the snapshot in a file. A new file is written next to the old one, flushed to the disk and renamed over it,
/// so that one complete file always exists. A file that cannot be replaced is renamed to <c>&lt;file&gt;.outdated</c>,
/// so that the next process knows that later published values are missing.
/// </summary>
internal sealed class StateFile(StateOptions options, TimeProvider time, ILogger<StateFile> logger) : IStatePersistence
{
    /// <summary>
    /// How long newer times stay unsaved. Less than the 15 min for which a provider that took part in an agreement
    /// counts, so that it still counts after a restart.
    /// </summary>
    private static readonly TimeSpan s_timesInterval = TimeSpan.FromMinutes(10);

    private static readonly JsonWriterOptions s_json = new() { Indented = true };

    private readonly LastSave _last = new(s_timesInterval, time);
    private readonly string? _path = options.File is { } file ? Path.GetFullPath(file) : null;

    /// <summary>The maximum size of the file in bytes; a larger one is not read.</summary>
    public int MaxBytes { get; init; } = 64 << 20;

    /// <inheritdoc/>
    public string? Problem { get; private set; }

    private string Next => _path + ".next";

    private string Outdated => _path + ".outdated";

    /// <summary>
    /// Loads the stored snapshot; the empty snapshot when there is none. An unreadable file is renamed, not
    /// overwritten; a folder or pipe stays in place. Neither prevents the start of the operator.
    /// </summary>
    public Snapshot Load()
    {
        if (_path is null)
            return Snapshot.Empty;
        var isReplaceable = IsReplaceable();
        if (Load(_path) is { } stored)
            return stored with { IsOutdated = !isReplaceable };
        return Load(Outdated) is { } outdated ? outdated with { IsOutdated = true } : Snapshot.Empty;
    }

    /// <summary>
    /// Stores <paramref name="snapshot"/>. A disk error is reported, and records are still reconciled.
    /// </summary>
    public Task<bool> SaveAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        Save(snapshot);
        return Task.FromResult(true);
    }

    /// <summary>Whether the file contains the snapshot, except for newer times. A missing file does not.</summary>
    public bool IsPersisted(Snapshot snapshot) =>
        _path is null || (_last.Covers(snapshot) && PlainFile.KindOf(_path) == FileKind.Regular);

    private Snapshot? Load(string path)
    {
        var kind = PlainFile.KindOf(path);
        if (kind == FileKind.None)
            return null;
        string? mistake;
        try
        {
            if (SnapshotJson.Read(PlainFile.Read(path, MaxBytes), out mistake) is { } stored)
                return stored;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            mistake = e.Message;
        }

        MoveAside(path, kind, UntrustedText.Clean(mistake));
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

        // No state can be stored while the file is there; log it once only.
        logger.StateUnusable(path, mistake);
        Problem = $"cannot use state file {path}: {mistake}";
    }

    private static void Write(Snapshot snapshot, Stream file)
    {
        using var writer = new Utf8JsonWriter(file, s_json);
        JsonSerializer.Serialize(writer, snapshot, SnapshotJson.Default.Snapshot);
    }

    private void Save(Snapshot snapshot)
    {
        if (_path is null)
            return;
        try
        {
            PlainFile.Replace(_path, file => Write(snapshot, file));
            if (File.Exists(Outdated))
                File.Delete(Outdated);
            Problem = null;
            _last.Succeeded(snapshot);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _last.Forget();
            if (PlainFile.KindOf(_path) == FileKind.Regular)
                TryMove(_path, Outdated);
            var reason = e.Message.TrimEnd('.');
            if (Problem is null)
                logger.StateNotSaved(_path, reason);
            Problem = $"cannot write state file {_path}: {reason}";
        }
    }

    /// <summary>
    /// Whether a new file can be created and the old one be written. Removes the temporary file of a killed process.
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
