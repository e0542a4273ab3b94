using Microsoft.Extensions.Logging;

namespace Esddns.Tests.Support;

/// <summary>
/// Sends warnings and worse to the output of the test that is running, which is shown only when that test fails.
/// </summary>
internal sealed class TestLogs(string host) : ILoggerProvider, ILogger
{
    private readonly ITestOutputHelper? _output = TestContext.Current.TestOutputHelper;

    /// <summary>Makes a host log to the running test, and nowhere else.</summary>
    public static void Instead(ILoggingBuilder logging, string host) =>
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

    /// <summary>Passes on what a process prints, for as long as the test runs.</summary>
    public static async Task PassOnAsync(TextReader from, string host)
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
            // The test has ended, and its host is about to.
        }
    }
}
