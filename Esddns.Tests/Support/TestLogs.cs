using Microsoft.Extensions.Logging;

namespace Esddns.Tests.Support;

/// <summary>
/// Sends warnings and errors to the output of the running test. The test runner shows this output only for a failed
/// test.
/// </summary>
internal sealed class TestLogs(string host) : ILoggerProvider, ILogger
{
    private readonly ITestOutputHelper? _output = TestContext.Current.TestOutputHelper;

    /// <summary>Makes a host log only to the output of the running test.</summary>
    public static void ReplaceProviders(ILoggingBuilder logging, string host) =>
        logging.ClearProviders().AddProvider(new TestLogs(host));

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        if (IsEnabled(logLevel))
            Write(_output, $"{host} {logLevel}: {formatter(state, exception)} {exception}");
    }

    /// <summary>Forwards the output of a process while the test runs.</summary>
    public static async Task ForwardAsync(TextReader from, string host)
    {
        var output = TestContext.Current.TestOutputHelper;
        while (await from.ReadLineAsync() is { } line)
            Write(output, $"{host}: {line}");
    }

    public void Dispose() { }

    private static void Write(ITestOutputHelper? output, string line)
    {
        try
        {
            output?.WriteLine(line);
        }
        catch (InvalidOperationException)
        {
            // The test has ended; its host is still stopping.
        }
    }
}
