using System.Diagnostics;
using Esddns.Tests.Support;

namespace Esddns.Tests.Conformance;

/// <summary>Knot, HMAC-SHA512.</summary>
public sealed class KnotConformanceTests() : UpdateConformanceTests("hmac-sha512")
{
    private protected override Process Start(int port)
    {
        var knotd = Tool.Require("knotd", "knot");
        File.WriteAllText(
            Path.Combine(Folder, "knot.conf"),
            $$"""
            server:
              listen: 127.0.0.1@{{port}}
              rundir: {{Folder}}
            key:
              - id: esddns-key
                algorithm: {{Algorithm}}
                secret: {{Secret}}
            acl:
              - id: update
                key: esddns-key
                action: update
            database:
              storage: {{Folder}}
            zone:
              - domain: example.com
                storage: {{Folder}}
                file: example.com.zone
                acl: update
              - domain: lab.example.com
                storage: {{Folder}}
                file: lab.example.com.zone
            """
        );
        return Tool.Start(knotd, ["-c", Path.Combine(Folder, "knot.conf")]);
    }
}
