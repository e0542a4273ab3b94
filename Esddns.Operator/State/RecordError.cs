using Esddns.Operator.Dns;

namespace Esddns.Operator.State;

/// <summary>A fault and its time.</summary>
/// <param name="At">When it occurred.</param>
/// <param name="Type">The type, from a small set; see <see cref="ProviderFault"/>.</param>
/// <param name="Message">One line for people; the text is the same for the same fault.</param>
/// <param name="RetryAt">When the DNS provider is called again, if the wait is long.</param>
internal sealed record RecordError(DateTimeOffset At, string Type, string Message, DateTimeOffset? RetryAt = null);
