using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Esddns.Tests.Support;

/// <summary>Records all log lines of all levels.</summary>
internal sealed class CountingLogs : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<(LogLevel Level, string? Event, string Line)> _lines = new();

    /// <summary>All lines, with scopes and exceptions.</summary>
    public IEnumerable<string> Lines => _lines.Select(l => l.Line);

    /// <summary>The number of lines of a level.</summary>
    public int Count(LogLevel level) => _lines.Count(l => l.Level == level);

    /// <summary>The number of lines of an event.</summary>
    public int Count(string eventName) => _lines.Count(l => l.Event == eventName);

    /// <summary>Registers this logger in a host.</summary>
    public void AddTo(IServiceCollection services) => services.AddSingleton<ILoggerProvider>(this);

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        _lines.Enqueue((LogLevel.None, null, state.ToString() ?? ""));
        return null;
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => _lines.Enqueue((logLevel, eventId.Name, $"{formatter(state, exception)} {exception}"));

    public void Dispose() { }
}
