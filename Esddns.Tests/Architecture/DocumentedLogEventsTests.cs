using System.Reflection;
using Esddns.Tests.Support;
using Microsoft.Extensions.Logging;

namespace Esddns.Tests.Architecture;

/// <summary>docs/reference/log-events.md lists every log event of the code, and no number has two meanings.</summary>
public sealed class DocumentedLogEventsTests
{
    private static readonly LoggerMessageAttribute[] s_events =
    [
        .. new[] { typeof(Esddns.Operator.OperatorApp).Assembly, typeof(Esddns.Web.WebApp).Assembly }
            .SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>(),
    ];

    [Fact]
    public void DocumentedEvents_AreTheEventsOfTheCode() =>
        Assert.Equal(
            s_events.Select(e => $"| {e.EventId} | `{e.EventName}` | {e.Level} | {e.Message} |").Order(),
            File.ReadAllLines(Path.Combine(Repository.Root, "docs/reference/log-events.md"))
                .Where(line =>
                    line.Length > 2 && line.StartsWith("| ", StringComparison.Ordinal) && char.IsDigit(line[2])
                )
                .Order()
        );

    [Fact]
    public void EventNumbersAndNames_AreUnique()
    {
        Assert.NotEmpty(s_events);
        Assert.Equal(s_events.Length, s_events.Select(e => e.EventId).Distinct().Count());
        Assert.Equal(s_events.Length, s_events.Select(e => e.EventName).Distinct().Count());
    }
}
