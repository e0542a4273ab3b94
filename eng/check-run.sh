# Runs the README's commands in a fresh clone with an empty package cache, and checks their results.
# Sourced by .ci/run, which defines ok and not_ok.

check() {
    local what=$1
    shift
    if "$@"; then ok "$what"; else not_ok "$what"; fi
}

# until_true SECONDS COMMAND...
until_true() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        [ $SECONDS -lt $end ] || return 1
        sleep 0.2
    done
}

has() { curl -fs "$1" | grep -qF -- "$2"; }
digs() { [ "$(dig +short @127.0.0.1 -p 5300 home.example.com A)" = "$1" ]; }
is_clean() { curl -fs "$1" | promtool check metrics; }
pages=(http://127.0.0.1:8080/status http://127.0.0.1:8080/metrics http://127.0.0.1:51339/raw http://127.0.0.1:51339/)
has_no_token() { ! { cat "$1" && curl -fs "${pages[@]}"; } | grep -qF simulator-token; }
is_closed() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
all_closed() { is_closed 5380 && is_closed 8080 && is_closed 51339 && is_closed 15000; }

clone=$(mktemp -d)
log=$clone.log
git clone -q . "$clone"

# follow HOW COMMAND...: starts everything with COMMAND, and runs the README's other commands.
follow() {
    local how=$1 dashboard=http://127.0.0.1:15000/api/telemetry run started took port
    shift
    : >"$log"
    (cd "$clone" && exec env NUGET_PACKAGES="$clone/packages" "$@") >"$log" 2>&1 &
    run=$!
    serves() { curl -fs -o /dev/null http://127.0.0.1:51339/health; }
    is_ready() { serves || ! kill -0 $run 2>/dev/null; }
    until_true 600 is_ready
    check "$how: starts" serves
    check "$how: creates the first record" until_true 30 digs 203.0.113.10
    check "$how: run.sh prints one line about the taken ports" \
        eval '[ "$(cd "$clone" && ./run.sh 2>&1 | grep -c "is taken")" = 1 ]'

    started=$(date +%s%N)
    curl -fsS -o /dev/null -X PUT -H 'Content-Type: application/json' -d '{"ipv4":"203.0.113.77"}' \
        http://127.0.0.1:5380/control/wan
    check "$how: changed address, dig shows it" until_true 60 digs 203.0.113.77
    took=$((($(date +%s%N) - started) / 1000000))
    echo "        $took ms from the change to the record; the canary checks every 10 s"
    check "$how: changed address, /raw shows it" \
        until_true 60 has http://127.0.0.1:51339/raw '"rrset_values":["203.0.113.77"]'
    check "$how: changed address, the page shows it" has http://127.0.0.1:51339/ 203.0.113.77
    check "$how: changed address, /metrics shows it" \
        until_true 60 has http://127.0.0.1:8080/metrics \
        'esddns_current_wan_ip_info{family="IPv4",ip_address="203.0.113.77"} 1'
    check "$how: the dashboard answers" until_true 60 has "$dashboard/resources" '"operator"'
    check "$how: the dashboard has the trace of the round" \
        until_true 60 has "$dashboard/traces?resource=operator&limit=1000" '"name":"round"'
    for port in 8080 51339 5380; do
        check "$how: promtool accepts the metrics on $port" is_clean http://127.0.0.1:$port/metrics
    done
    check "$how: the token is in no log and on no page" has_no_token "$log"

    kill -TERM $run
    wait $run 2>/dev/null
    check "$how: closes all ports when stopped" until_true 60 all_closed
    [ $failed = 0 ] || tail -n 60 "$log" | cut -c1-300
}

# Settings for real records, which a simulated run does not use.
export Esddns__Update__Server=dns://127.0.0.1:9 Esddns__Update__Zones=example.com RECORD_TYPE_A=AAAA
follow "run.sh, from a fresh clone with an empty package cache" ./run.sh
follow "dotnet run" dotnet run --project Esddns.AppHost
# Not by "tool exec": it remembers the folder of an earlier package cache.
aspire=$(jq -r '.tools["aspire.cli"].version' .config/dotnet-tools.json)
dotnet tool install aspire.cli --version "$aspire" --tool-path "$clone/tools" >>"$log.tool" 2>&1
follow "aspire run" "$clone/tools/aspire" run --non-interactive --nologo
# The name of a setting has no case.
unset Esddns__Update__Server
export ESDDNS__UPDATE__SERVER=dns://127.0.0.1:9
check "run.sh --once: exits 0 when in sync" \
    eval '(cd "$clone" && NUGET_PACKAGES="$clone/packages" ./run.sh --once >>"$log" 2>&1)'
unset "${!Esddns__@}" ESDDNS__UPDATE__SERVER RECORD_TYPE_A
mkdir "$clone/no-sdk" && ln -s "$(command -v dirname)" "$clone/no-sdk/"
check "run.sh: prints one line if the SDK is missing" \
    eval '[ "$(env PATH="$clone/no-sdk" /bin/bash ./run.sh 2>&1 | wc -l)" = 1 ]'

# Adds an address to the host, in a separate network namespace.
network_triggers() {
    env API_KEY=none TARGET_DOMAIN_FQDN=example.com Esddns__State__File=none Esddns__Discovery__Timeout=0.1 \
        Logging__LogLevel__Esddns=Debug timeout 30 unshare -n bash -c '
            ip link set lo up
            dotnet Esddns.Operator/bin/Debug/net10.0/Esddns.Operator.dll --Esddns:CanaryInterval=3600 &
            operator=$!
            until curl -fs -o /dev/null http://127.0.0.1:8080/health; do sleep 0.2; done
            ip address add 192.0.2.1/32 dev lo
            sleep 3
            kill $operator
            wait $operator' >"$log.network" 2>&1
    grep -q "trigger Network" "$log.network"
}
check "network: a changed address of the host triggers a round" network_triggers
rm -rf "$clone" "$log" "$log.network" "$log.tool"
