using System.Net;
using Esddns.Simulator.Faults;

namespace Esddns.Tests.Chaos;

/// <summary>The random faults of a <see cref="ChaosSchedule"/>.</summary>
internal static class ChaosFaults
{
    /// <summary>
    /// Each source reports a different wrong address. Equal wrong answers would form a majority, which no rule can
    /// detect.
    /// </summary>
    private static readonly (string Service, string Address)[] s_wrongAnswers =
    [
        ("stun", "198.51.100.201"),
        ("dns", "198.51.100.202"),
        ("echo", "198.51.100.203"),
    ];

    /// <summary>Chooses a source and the wrong address that it can report.</summary>
    public static (string Service, string Address) NextWrongAnswer(Random random) =>
        s_wrongAnswers[random.Next(s_wrongAnswers.Length)];

    /// <summary>Creates a fault of one of the kinds 3 to 9, 12 and 13 of the schedule.</summary>
    public static Fault Next(Random random, int kind, (string Service, string Address) wrong) =>
        kind switch
        {
            3 => new Fault(wrong.Service, FaultEffect.WrongAddress) { Address = IPAddress.Parse(wrong.Address) },
            4 => new Fault(wrong.Service, FaultEffect.Silence),
            5 => new Fault("echo", FaultEffect.Status) { Status = 200, Body = "<html>Please log in</html>" },
            6 => new Fault("livedns", FaultEffect.Status)
            {
                Status = random.Next(2) == 0 ? 503 : 401,
                Count = random.Next(1, 6),
            },
            7 => new Fault("livedns", FaultEffect.Status)
            {
                Status = 429,
                RetryAfter = random.Next(2) == 0 ? random.Next(1, 10) : null,
                Count = random.Next(1, 4),
            },
            8 => new Fault("livedns", (FaultEffect)random.Next(2, 4))
            {
                Count = random.Next(1, 4),
                Method = random.Next(2) == 0 ? "PUT" : null,
                AfterApply = random.Next(2) == 0,
            },
            9 => new Fault("livedns", FaultEffect.Status)
            {
                Status = random.Next(2) == 0 ? 200 : 404,
                Body = random.Next(2) == 0 ? "{\"rrset_name\":" : "{\"object\":\"HTTPNotFound\"}",
                ContentType = "application/json",
                Count = 2,
            },
            12 => new Fault("livedns", FaultEffect.StaleRead) { Lag = random.Next(1, 4), Count = random.Next(1, 4) },
            13 => new Fault("livedns", FaultEffect.LostWrite) { Count = random.Next(1, 3) },
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a fault"),
        };
}
