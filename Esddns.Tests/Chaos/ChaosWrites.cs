using System.Text.Json;
using Esddns.Simulator.LiveDns;

namespace Esddns.Tests.Chaos;

/// <summary>Checks the writes that LiveDNS received during a <see cref="ChaosSchedule"/>.</summary>
internal static class ChaosWrites
{
    /// <summary>Describes the first write with a value that was never valid, or to another record; else null.</summary>
    public static string? WrongWrite(IEnumerable<LoggedRequest> writes, IReadOnlySet<string> valid)
    {
        foreach (var write in writes.Where(w => w.Body is not null))
        {
            using var body = JsonDocument.Parse(write.Body!);
            var wrong = body
                .RootElement.GetProperty("rrset_values")
                .EnumerateArray()
                .Select(v => v.GetString()!)
                .FirstOrDefault(v => !valid.Contains(v));
            if (wrong is not null)
                return $"{wrong} was published, which was never the WAN address";
            if (write.Method != "PUT" || !write.Path.EndsWith("/records/home/A", StringComparison.Ordinal))
                return $"{write.Method} {write.Path} changed another record";
        }

        return null;
    }
}
