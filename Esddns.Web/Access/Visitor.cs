namespace Esddns.Web.Access;

/// <summary>What a request proved about its sender.</summary>
/// <param name="IsKnown">Whether it has the credentials of this service.</param>
/// <param name="IsRefused">Whether it presented wrong ones.</param>
/// <param name="Wait">After too many wrong attempts, the time to wait; the credentials were not compared.</param>
internal sealed record Visitor(bool IsKnown, bool IsRefused = false, TimeSpan? Wait = null)
{
    /// <summary>A request with the credentials of this service.</summary>
    public static Visitor Known { get; } = new(IsKnown: true);

    /// <summary>A request without credentials.</summary>
    public static Visitor Anonymous { get; } = new(IsKnown: false);

    /// <summary>A request with wrong credentials.</summary>
    public static Visitor Refused { get; } = new(IsKnown: false, IsRefused: true);
}
