using System.Diagnostics;
using Esddns.Tests.Support;

namespace Esddns.Tests.Conformance;

/// <summary>BIND, HMAC-SHA256.</summary>
public sealed class BindConformanceTests() : UpdateConformanceTests("hmac-sha256")
{
    private protected override Process Start(int port)
    {
        var named = Tool.Require("named", "bind9");
        File.WriteAllText(Path.Combine(Folder, "named.conf"), $$"""
            key "esddns-key" { algorithm {{Algorithm}}; secret "{{Secret}}"; };
            options {
              directory "{{Folder}}"; pid-file none; session-keyfile none; recursion no; dnssec-validation no;
              listen-on port {{port}} { 127.0.0.1; }; listen-on-v6 { none; };
            };
            controls { };
            zone "example.com" { type primary; file "example.com.zone"; update-policy { grant esddns-key zonesub A AAAA; }; };
            zone "lab.example.com" { type primary; file "lab.example.com.zone"; };
            """);
        return Tool.Start(named, ["-g", "-n", "1", "-c", Path.Combine(Folder, "named.conf")]);
    }
}
