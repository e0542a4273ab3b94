using System.Globalization;

namespace Esddns.Web.Events;

/// <summary>The settings of the events.</summary>
/// <param name="MaxStreams">The maximum number of open streams, 1 to 100000.</param>
internal sealed record EventOptions(int MaxStreams)
{
    /// <summary>The setting of <see cref="MaxStreams"/>.</summary>
    public const string MaxStreamsKey = "Esddns:Web:MaxStreams";

    private const int Default = 10_000;
    private const int Max = 100_000;

    /// <summary>Reads the settings.</summary>
    /// <exception cref="InvalidOperationException">A value is not valid. The message is for people.</exception>
    public static EventOptions Read(IConfiguration configuration)
    {
        if (configuration[MaxStreamsKey] is not { Length: > 0 } text)
            return new EventOptions(Default);
        return
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var streams)
            && streams is > 0 and <= Max
            ? new EventOptions(streams)
            : throw new InvalidOperationException($"{MaxStreamsKey}: '{text}' is not a whole number from 1 to {Max}.");
    }
}
