namespace Esddns.Tests.Web;

/// <summary>Reads answers.</summary>
internal static class HttpAnswers
{
    extension(HttpResponseMessage answer)
    {
        /// <summary>The body as text.</summary>
        public Task<string> TextAsync() => answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        /// <summary>The body.</summary>
        public Task<byte[]> BytesAsync() => answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
    }
}
