using System.Diagnostics;
using System.Globalization;
using Esddns.Tests.Support;

namespace Esddns.Tests.Fuzz;

/// <summary>
/// Feeds random bytes and mutants of a corpus to a parser. Mutations flip bits, overwrite bytes with boundary values,
/// truncate, duplicate, insert, and splice two inputs. It runs 250,000 inputs, or for ESDDNS_FUZZ_SECONDS.
/// </summary>
internal static class Mutator
{
    private const int Inputs = 250_000;
    private static readonly byte[] s_boundaryBytes = [0, 1, 0x7F, 0x80, 0xC0, 0xFF];

    /// <summary>The seed is constant for one day, so a failure can be repeated that day. A failure prints it.</summary>
    private static readonly int s_seed = TimeProvider.System.GetUtcNow().Date.GetHashCode();

    /// <summary>
    /// Runs <paramref name="parse"/> on every input. An exception fails the test and prints the input; add it to the
    /// corpus.
    /// </summary>
    public static void Run(string corpus, Action<byte[]> parse, int inputs = Inputs)
    {
        var good = Directory
            .GetFiles(Path.Combine(Repository.Root, "Esddns.Tests/Fuzz/Corpus", corpus))
            .Order()
            .Select(File.ReadAllBytes)
            .ToArray();
        Assert.NotEmpty(good);
        foreach (var input in good)
            parse(input);

        var random = new Random(s_seed);
        var limit = Environment.GetEnvironmentVariable("ESDDNS_FUZZ_SECONDS") is { } seconds
            ? TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture))
            : (TimeSpan?)null;
        var began = Stopwatch.GetTimestamp();
        long count = 0;
        for (; limit is { } time ? Stopwatch.GetElapsedTime(began) < time : count < inputs; count++)
        {
            var input = Next(random, good);
            try
            {
                parse(input);
            }
            catch (Exception e)
            {
                Assert.Fail($"{corpus}, seed {s_seed}, input {count}: {Convert.ToHexString(input)}: {e}");
            }
        }

        Measured.Add($"fuzzing, {corpus}: {count} inputs in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s");
    }

    private static byte[] Next(Random random, byte[][] good)
    {
        if (random.Next(8) == 0)
        {
            var noise = new byte[random.Next(80)];
            random.NextBytes(noise);
            return noise;
        }

        var input = (byte[])good[random.Next(good.Length)].Clone();
        for (var n = random.Next(5); n > 0 && input.Length > 0; n--)
        {
            var at = random.Next(input.Length);
            switch (random.Next(6))
            {
                case 0:
                    input[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    input[at] = s_boundaryBytes[random.Next(s_boundaryBytes.Length)];
                    break;
                case 2:
                    input = input[..at];
                    break;
                case 3:
                    input = [.. input, .. input[at..]];
                    break;
                case 4:
                    input = [.. input[..at], (byte)random.Next(256), .. input[at..]];
                    break;
                default:
                    var other = good[random.Next(good.Length)];
                    input = [.. input[..at], .. other[Math.Min(at, other.Length)..]];
                    break;
            }
        }

        return input;
    }
}
