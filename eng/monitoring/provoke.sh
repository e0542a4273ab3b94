# shellcheck shell=bash
# Functions and settings of eng/alerts.sh and eng/cluster-alerts.sh, which source this file from the root of the
# repository: the programs on loopback, a real Prometheus, and alerts that fire and are resolved.
# ports: the first three digits of all ports, set by the script.
readonly work=$(mktemp -d) limit=90
readonly simulator=http://127.0.0.1:${ports}80 prometheus=127.0.0.1:${ports}90
readonly in_a_cluster="EsddnsNoLeader EsddnsLeaderChanges EsddnsWatchLost EsddnsNodeNotReporting"
declare -A pids=() fired=()
failed=0 table= fault_at= end_at=

export Simulator__HttpPort=${ports}80 Simulator__DnsPort=${ports}53 Simulator__StunPort=${ports}78
export API_KEY=simulator-token TARGET_DOMAIN_FQDN=example.com RECORD_NAME_ROOT=home RECORD_TTL=300
export Esddns__LiveDns__BaseUrl=$simulator/v5/livedns
export Esddns__Discovery__Stun="stun://127.0.0.1:${ports}78#stun,stun+tcp://127.0.0.1:${ports}78#stun"
export Esddns__Discovery__Echo="$simulator/echo/a#echo,$simulator/echo/b#echo" Esddns__Discovery__Interfaces=false
export Esddns__Discovery__Dns="dns://127.0.0.1:${ports}53/myip.opendns.com?type=A#dns"
export Esddns__Propagation__NameServers=dns://127.0.0.1:${ports}53 Esddns__Agreement__AllowedRanges=documentation
export Esddns__SyncInterval=20 Esddns__CanaryInterval=1 Esddns__Propagation__Interval=1 Esddns__Discovery__Timeout=1

end() {
    [ ${#pids[@]} = 0 ] || kill "${pids[@]}" 2>/dev/null
    wait
    [ $failed = 0 ] || tail -n 15 "$work"/*.log | cut -c1-300
    rm -rf "$work"
}
fail() { failed=$((failed + 1)); echo "NOT OK  $*"; }

# until_true SECONDS COMMAND...
until_true() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        [ $SECONDS -lt $end ] || return 1
        sleep 0.2
    done
}

answers() { curl -fs -o /dev/null -m 5 "$1"; }
since() { awk "BEGIN { printf \"%.1f\", $EPOCHREALTIME - $1 }"; }

# start NAME PROGRAM...
start() {
    local name=$1
    shift
    "$@" >>"$work/$name.log" 2>&1 &
    pids[$name]=$!
}

stop() {
    kill "${pids[$1]}" && wait "${pids[$1]}"
    unset "pids[$1]"
}

control() { curl -fsS -o /dev/null -X "$1" -H 'Content-Type: application/json' ${3:+-d "$3"} "$simulator/control/$2"; }
has_address() { curl -fs "$simulator/control/zones/example.com" | grep -qF "\"203.0.113.$1\""; }

# alerts: the names of the firing alerts.
alerts() {
    curl -fs "http://$prometheus/api/v1/alerts" |
        jq -r '.data.alerts[] | select(.state == "firing") | .labels.alertname' | sort -u
}
fires() { alerts | grep -qx "$1"; }
resolved() { ! alerts | grep -qx "$1"; }

# is_explained NAME: the texts of the alert are complete, and contain a command.
is_explained() {
    curl -fs "http://$prometheus/api/v1/alerts" | jq -e --arg name "$1" '
        [.data.alerts[] | select(.labels.alertname == $name) | .annotations]
        | length > 0 and all(
            (.description | test("Next: ")) and (.runbook_url | endswith("#" + ($name | ascii_downcase)))
            and ([.[] | test("<no value>|<error|  ")] | any | not))' >/dev/null
}

# begins, ends: remember when a fault began and ended.
begins() { fault_at=$EPOCHREALTIME; }
ends() { end_at=$EPOCHREALTIME; }

# fire NAME...: waits until the alerts fire. Counts from the start of the fault.
fire() {
    local name
    for name; do
        if ! until_true $limit fires "$name"; then
            fail "$name does not fire; firing: $(alerts | tr '\n' ' ')"
            continue
        fi
        fired[$name]=$(since "$fault_at")
        is_explained "$name" || fail "$name: its texts are incomplete"
    done
}

# resolve FAULT NAME...: waits until the alerts are resolved. Counts from the end of the fault, which FAULT describes.
resolve() {
    local name what=$1
    shift
    for name; do
        if until_true $limit resolved "$name"; then
            table+="| \`$name\` | $what | ${fired[$name]:-never} | $(since "$end_at") |"$'\n'
        else
            fail "$name is not resolved"
        fi
    done
}

# write_rules KIND: the rules, with minutes made seconds.
write_rules() {
    eng/monitoring.sh --print "$1" | sed -E '
        s/^( +for: [0-9]+)m$/\1s/
        s/\[1h\]/[60s]/g
        s|\) / 60 |) |g' >"$work/rules.yaml"
    promtool check rules "$work/rules.yaml" >"$work/promtool.log" || { fail "the shortened rules"; exit 1; }
}

start_simulator() {
    start simulator dotnet Esddns.Simulator/bin/Debug/net10.0/Esddns.Simulator.dll
    until_true 60 answers "$simulator/health" || { fail "the simulator does not start"; exit 1; }
}

# start_prometheus: reads its jobs, in YAML, from stdin.
start_prometheus() {
    {
        echo 'global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }'
        echo 'rule_files: [rules.yaml]'
        echo 'scrape_configs:'
        cat
    } >"$work/prometheus.yaml"
    start prometheus prometheus --config.file="$work/prometheus.yaml" --web.listen-address=$prometheus \
        --storage.tsdb.path="$work/tsdb"
    until_true 30 answers "http://$prometheus/-/ready" || { fail "Prometheus does not start"; exit 1; }
}

print_table() {
    echo
    echo "| alert | fault | seconds until it fires | seconds until it is resolved |"
    echo "|---|---|---|---|"
    printf '%s' "$table"
    echo
}

# print_result BEGAN: the last line; fails when anything failed.
print_result() {
    echo "$(grep -c '^' <<<"${table%$'\n'}") alerts provoked in $(($(date +%s) - $1)) s, $failed failed"
    [ $failed = 0 ]
}
