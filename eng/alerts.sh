#!/usr/bin/env bash
# Provokes each alert that one machine can show. Starts the simulator, the operator, the web service and a real
# Prometheus on loopback; switches a fault on, waits until its alerts fire, switches it off, and waits until they are
# resolved. Then runs every query of the dashboard at that Prometheus. Prints a table, and ends by itself after about
# six minutes. Uses the programs of the last build.
#
# The rules are those of eng/monitoring.sh with minutes made seconds: "for: 15m" becomes "for: 15s", "[1h]" becomes
# "[60s]", and a value in seconds is not divided by 60 any more. Prometheus scrapes once a second.
set -uo pipefail
cd "$(dirname "$0")/.."
readonly work=$(mktemp -d) limit=90
readonly simulator=http://127.0.0.1:17380 operator=127.0.0.1:17080 web=127.0.0.1:17339 prometheus=127.0.0.1:17090
readonly in_a_cluster="EsddnsNoLeader EsddnsLeaderChanges EsddnsWatchLost EsddnsNodeNotReporting"
declare -A pids=() fired=()
failed=0 table= fault_at= end_at=

end() {
    [ ${#pids[@]} = 0 ] || kill "${pids[@]}" 2>/dev/null
    wait
    [ $failed = 0 ] || tail -n 15 "$work"/*.log | cut -c1-300
    rm -rf "$work"
}
trap end EXIT

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

# start_operator [END]: END is the declared end of the token.
start_operator() {
    start operator env ${1:+"Esddns__LiveDns__TokenExpires=$1"} \
        dotnet Esddns.Operator/bin/Debug/net10.0/Esddns.Operator.dll --urls "http://$operator"
    until_true 60 answers "http://$operator/alive" || fail "the operator does not start"
}

start_web() {
    start web dotnet Esddns.Web/bin/Debug/net10.0/Esddns.Web.dll --urls "http://$web"
    until_true 60 answers "http://$web/alive" || fail "the web service does not start"
}

# restart_operator DAYS: with a token that ends in DAYS.
restart_operator() {
    stop operator
    start_operator "$(date -u -d "@$(($(date +%s) + $(awk "BEGIN { printf \"%d\", $1 * 86400 }")))" +%FT%TZ)"
}

control() { curl -fsS -o /dev/null -X "$1" -H 'Content-Type: application/json' ${3:+-d "$3"} "$simulator/control/$2"; }
fault() { control POST faults "$1"; }
no_faults() { control DELETE faults; sync; }
wan() { control PUT wan "{\"ipv4\":\"203.0.113.$1\"}"; }
# A request beyond the rate limit waits, so it must not stop the script.
sync() { curl -s -o /dev/null -m 2 -X POST "http://$operator/sync"; return 0; }
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

targets() { printf '[{"targets":[%s]}]\n' "$1" >"$work/targets.next" && mv "$work/targets.next" "$work/targets.json"; }

mkdir "$work/state"
targets "\"$operator\""
eng/monitoring.sh --print | sed -E '
    s/^( +for: [0-9]+)m$/\1s/
    s/\[1h\]/[60s]/g
    s|\) / 60 |) |g' >"$work/rules.yaml"
promtool check rules "$work/rules.yaml" >"$work/promtool.log" || { fail "the shortened rules"; exit 1; }
cat >"$work/prometheus.yaml" <<CONFIG
global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }
rule_files: [rules.yaml]
scrape_configs:
- job_name: esddns-operator
  file_sd_configs: [{ files: [targets.json] }]
- job_name: esddns-service
  static_configs: [{ targets: ["$web"] }]
CONFIG

export Simulator__HttpPort=17380 Simulator__DnsPort=17300 Simulator__StunPort=17478
export API_KEY=simulator-token TARGET_DOMAIN_FQDN=example.com RECORD_NAME_ROOT=home RECORD_TTL=300
export Esddns__LiveDns__BaseUrl=$simulator/v5/livedns Esddns__State__File=$work/state/state.json
export Esddns__Discovery__Stun="stun://127.0.0.1:17478#stun,stun+tcp://127.0.0.1:17478#stun"
export Esddns__Discovery__Echo="$simulator/echo/a#echo,$simulator/echo/b#echo" Esddns__Discovery__Interfaces=false
export Esddns__Discovery__Dns="dns://127.0.0.1:17300/myip.opendns.com?type=A#dns"
export Esddns__Propagation__NameServers=dns://127.0.0.1:17300 Esddns__Agreement__AllowedRanges=documentation
export Esddns__SyncInterval=20 Esddns__CanaryInterval=1 Esddns__Propagation__Interval=1 Esddns__Discovery__Timeout=1
export services__operator__http__0=http://$operator

readonly scenario_began=$(date +%s)
start simulator dotnet Esddns.Simulator/bin/Debug/net10.0/Esddns.Simulator.dll
until_true 60 answers "$simulator/health" || { fail "the simulator does not start"; exit 1; }
start_operator
start_web
start prometheus prometheus --config.file="$work/prometheus.yaml" --web.listen-address=$prometheus \
    --storage.tsdb.path="$work/tsdb"
until_true 30 answers "http://$prometheus/-/ready" || { fail "Prometheus does not start"; exit 1; }
until_true 30 has_address 10 || fail "there is no first record"
sleep 20
[ -z "$(alerts)" ] || fail "without a fault: $(alerts | tr '\n' ' ')"
echo "no fault: no alert in 20 s"

# 1. A foreign edit, a web service that ended, and an address of carrier-grade NAT. All go on together.
fault '{"service":"dns","kind":"wrongAddress","address":"100.64.0.7"}'
stop web
curl -fs "$simulator/control/zones/example.com" | sed 's/"203\.0\.113\.10"/"198.51.100.9"/' >"$work/zone.json"
begins
control PUT zones/example.com "@$work/zone.json"
ends
fire EsddnsForeignEdit EsddnsWebDown
resolve "another client replaced the value; the alert ends by itself" EsddnsForeignEdit
fire EsddnsCarrierGradeNat
ends
start_web
resolve "the web service was stopped" EsddnsWebDown
ends
no_faults
resolve "a source reported 100.64.0.7" EsddnsCarrierGradeNat

# 2. Only one class of sources answers.
begins
fault '{"service":"stun","kind":"silence"}'
fault '{"service":"dns","kind":"silence"}'
sync
fire EsddnsNoWanAddress
ends
no_faults
resolve "STUN and DNS sources did not answer" EsddnsNoWanAddress

# 3. The provider fails while the address changes.
begins
fault '{"service":"livedns","kind":"status","status":503}'
wan 77
sync
fire EsddnsConvergenceSlow EsddnsUpdatesFailing EsddnsRecordOutOfSync
ends
no_faults
resolve "LiveDNS answered 503 to a change of the address" \
    EsddnsConvergenceSlow EsddnsUpdatesFailing EsddnsRecordOutOfSync

# 4. and 5. The provider refuses the token, and limits requests.
begins
fault '{"service":"livedns","kind":"status","status":401}'
sync
fire EsddnsProviderRefusesToken
ends
no_faults
resolve "LiveDNS answered 401" EsddnsProviderRefusesToken
begins
fault '{"service":"livedns","kind":"status","status":429,"retryAfter":1}'
sync
fire EsddnsRateLimited
ends
no_faults
resolve "LiveDNS answered 429" EsddnsRateLimited

# 6. The folder of the state file is a file.
begins
mv "$work/state" "$work/state.away" && touch "$work/state"
wan 78
fire EsddnsStateNotKept
rm "$work/state" && mv "$work/state.away" "$work/state"
ends
wan 79
resolve "the state file could not be written" EsddnsStateNotKept

# 7. The address changes repeatedly; the operator asks the sources at most five times a minute.
for address in 80 81 82; do begins && wan $address && until_true 40 has_address $address; done
ends
fire EsddnsAddressFlapping
resolve "the address changed three times" EsddnsAddressFlapping

# 8. The operator ends, and then Prometheus loses it.
begins
stop operator
fire EsddnsOperatorDown EsddnsWebStale
begins
targets ""
ends
resolve "the operator was stopped, and then removed from the targets" EsddnsOperatorDown
fire EsddnsOperatorAbsent
targets "\"$operator\""
start_operator
ends
resolve "the operator was stopped" EsddnsWebStale
resolve "the operator was removed from the targets" EsddnsOperatorAbsent

# 9. The token ends, and the operator is restarted for each step.
restarts_at=$EPOCHREALTIME
begins
restart_operator 20
fire EsddnsTokenEndsInAMonth
begins
restart_operator 5
ends
resolve "the token ended in 20 days" EsddnsTokenEndsInAMonth
fire EsddnsTokenEndsInAWeek
begins
restart_operator 0.5
ends
resolve "the token ended in 5 days" EsddnsTokenEndsInAWeek
fire EsddnsTokenEndsInADay
begins
restart_operator -0.1
ends
resolve "the token ended in 12 hours" EsddnsTokenEndsInADay
fire EsddnsTokenEnded
fault_at=$restarts_at
fire EsddnsOperatorRestarting
restart_operator 365
ends
resolve "the token had ended" EsddnsTokenEnded
resolve "the operator was started five times" EsddnsOperatorRestarting

echo
echo "| alert | fault | seconds until it fires | seconds until it is resolved |"
echo "|---|---|---|---|"
printf '%s' "$table"
for name in $in_a_cluster; do echo "| \`$name\` | in a cluster | | |"; done
echo
# Each alert is in the table.
all=$(sed -n 's/^  - alert: \([A-Za-z]*\).*/\1/p' eng/monitoring/alerts.yaml)
for name in $all; do
    [[ $table == *"\`$name\`"* || " $in_a_cluster " == *" $name "* ]] || fail "$name was not provoked"
done
eng/dashboard.sh "http://$prometheus" "$scenario_began" || failed=$((failed + 1))
echo "$(grep -c '^' <<<"${table%$'\n'}") alerts provoked in $(($(date +%s) - scenario_began)) s, $failed failed"
[ $failed = 0 ]
