// Takes a picture of the status page with Debian's Chromium.
// dotnet run --file eng/screenshots.cs -- URL OUTPUT.png [light|dark] [WIDTH]
#:package Microsoft.Playwright
using System.Globalization;
using Microsoft.Playwright;

var (url, output) = (args[0], args[1]);
var scheme = args.ElementAtOrDefault(2) == "dark" ? ColorScheme.Dark : ColorScheme.Light;
var width = int.Parse(args.ElementAtOrDefault(3) ?? "1280", CultureInfo.InvariantCulture);

using var playwright = await Playwright.CreateAsync();
await using var browser = await playwright.Chromium.LaunchAsync(
    // It may run as root.
    new() { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox"] }
);
var page = await browser.NewPageAsync(
    new()
    {
        ViewportSize = new() { Width = width, Height = 800 },
        DeviceScaleFactor = width < 600 ? 2 : 1,
        ColorScheme = scheme,
        ReducedMotion = ReducedMotion.Reduce,
        Locale = "en-GB",
        TimezoneId = "Europe/Berlin",
    }
);
await page.GotoAsync(url);
await page.Locator("#live", new() { HasText = "live" }).WaitForAsync();
await page.ScreenshotAsync(new() { Path = output, FullPage = true });
