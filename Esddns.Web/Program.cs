using Esddns.Web;

return await ServiceRun.RunOrExplainAsync(() => WebApp.Build(args));
