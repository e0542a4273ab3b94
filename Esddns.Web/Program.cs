using Esddns.Web;

await using var app = WebApp.Build(args);
return await app.RunOrExplainAsync();
