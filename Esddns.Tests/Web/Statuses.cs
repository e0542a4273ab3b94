namespace Esddns.Tests.Web;

/// <summary>Statuses of a fake operator for tests of the API.</summary>
internal static class Statuses
{
    /// <summary>Three records in different states, two sources, one change and two nodes.</summary>
    public const string Mixed = """
        {"round":7,"at":"2026-11-25T08:00:00Z","by":"pod-1 on node-1","inSync":false,"leader":"pod-1",
         "wan":[{"family":"IPv4","address":"203.0.113.10","verdict":"Agreed","signs":["A proxy"],
                 "since":"2026-11-24T08:00:00Z","votes":[
           {"source":"stun://a.example","class":"Stun","address":"203.0.113.10","counted":true,"operator":"a"},
           {"source":"https://b.example","class":"Https","address":null,"counted":false,"operator":"b",
            "reason":"no answer","via":"node-2"}]}],
         "records":[
           {"fqdn":"home.example.com","type":"A","ttl":300,"inSync":true,"state":"UpToDate","wantedBy":"configuration",
            "key":{"name":"home","zone":"example.com"},"current":["203.0.113.10"],"ours":["203.0.113.10"],
            "propagation":{"isDone":false,"asked":3,"others":[{"server":"192.0.2.1:53"}]}},
           {"fqdn":"home.example.com","type":"AAAA","ttl":300,"inSync":true,"state":"Skipped","reason":"no IPv6"},
           {"fqdn":"xn--bcher-kva.example.com","type":"A","ttl":60,"inSync":false,"state":"Failed","reason":"401",
            "current":null,"lastError":{"message":"401","retryAt":"2026-11-25T08:05:00Z"}}],
         "history":[
           {"at":"2026-11-25T07:00:00Z","fqdn":"home.example.com","type":"A","from":["203.0.113.9"],
            "to":["203.0.113.10"],"why":"address changed","convergedAfter":4.5,"by":"pod-1"},
           {"at":"2026-11-24T07:00:00Z","fqdn":"home.example.com","type":"A","from":null,
            "to":["203.0.113.9"],"why":"start","by":"pod-1"}],
         "nodes":[{"address":"203.0.113.10","count":2,"names":["node-1","node-2"]}]}
        """;

    /// <summary>A status with this many records up to date, <c>r0.example.com</c> and following.</summary>
    public static string Many(int count)
    {
        var records = string.Join(
            ',',
            Enumerable
                .Range(0, count)
                .Select(i =>
                    $$"""{"fqdn":"r{{i}}.example.com","type":"A","ttl":300,"inSync":true,"state":"UpToDate"}"""
                )
        );
        return $$"""
            {"round":1,"at":"2026-11-25T08:00:00Z","inSync":true,"wan":[],"records":[{{records}}],"history":[]}
            """;
    }

    /// <summary>A status with this many changes, one each minute.</summary>
    public static string ManyChanges(int count)
    {
        var start = new DateTimeOffset(2026, 11, 25, 8, 0, 0, TimeSpan.Zero);
        return WithChanges([.. Enumerable.Range(0, count).Select(i => start - TimeSpan.FromMinutes(i))]);
    }

    /// <summary>A status with changes at these times, in this order.</summary>
    public static string WithChanges(params DateTimeOffset[] times)
    {
        var changes = string.Join(
            ',',
            times.Select(at =>
                $$"""{"at":"{{at:O}}","fqdn":"a.example.com","type":"A","from":null,"to":[],"why":"{{at:HH:mm:ss}}"}"""
            )
        );
        return $$"""
            {"round":1,"at":"2026-11-25T08:00:00Z","inSync":true,"wan":[],"records":[],"history":[{{changes}}]}
            """;
    }
}
