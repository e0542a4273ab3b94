using System.Text.Json;

namespace Esddns.Operator.State;

/// <summary>
/// Keeps the snapshot over restarts. A new file is written beside the old one, flushed to the disk and renamed over it, so that
/// at any moment one whole file is there.
/// </summary>
internal sealed partial class StateFile(StateOptions options, ILogger<StateFile> logger) : IStateKeeper
{
    private readonly string? _path = options.File;

    /// <inheritdoc/>
    public string? Problem { get; private set; }

    /// <summary>What was kept, or the empty snapshot. A file that cannot be understood is moved aside, not overwritten.</summary>
    public Snapshot Load()
    {
        if (_path is null || !File.Exists(_path)) return Snapshot.Empty;
        if (SnapshotJson.Read(File.ReadAllBytes(_path), out var mistake) is { } kept) return kept;
        var aside = _path + ".unreadable";
        File.Move(_path, aside, overwrite: true);
        LogUnreadable(_path, aside, mistake!);
        return Snapshot.Empty;
    }

    /// <summary>Keeps <paramref name="snapshot"/>. A disk that refuses is reported; the records are still looked after.</summary>
    public Task<bool> KeepAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        Save(snapshot);
        return Task.FromResult(true);
    }

    private void Save(Snapshot snapshot)
    {
        if (_path is null) return;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(_path))!);
            var next = _path + ".next";
            using (var file = new FileStream(next, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                JsonSerializer.Serialize(file, snapshot, SnapshotJson.Default.Snapshot);
                file.Flush(flushToDisk: true);
            }

            File.Move(next, _path, overwrite: true);
            Problem = null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (Problem is null) LogNotSaved(_path, e.Message);
            Problem = $"the state file {_path} cannot be written: {e.Message}";
        }
    }

    [LoggerMessage(EventName = "StateUnreadable", Level = LogLevel.Error,
        Message = "The state file {Path} cannot be understood ({Problem}); it is kept as {Aside}, and what was published before is forgotten")]
    private partial void LogUnreadable(string path, string aside, string problem);

    [LoggerMessage(EventName = "StateNotSaved", Level = LogLevel.Error,
        Message = "The state file {Path} cannot be written ({Problem}); after a restart, what was published before will be forgotten")]
    private partial void LogNotSaved(string path, string problem);
}
