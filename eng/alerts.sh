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
readonly ports=170
. eng/monitoring/provoke.sh
readonly operator=127.0.0.1:${ports}08 web=127.0.0.1:${ports}39
trap end EXIT

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

fault() { control POST faults "$1"; }
no_faults() { control DELETE faults; sync; }
wan() { control PUT wan "{\"ipv4\":\"203.0.113.$1\"}"; }
# A request beyond the rate limit waits, so it must not stop the script.
sync() { curl -s -o /dev/null -m 2 -X POST "http://$operator/sync"; return 0; }
targets() { printf '[{"targets":[%s]}]\n' "$1" >"$work/targets.next" && mv "$work/targets.next" "$work/targets.json"; }

mkdir "$work/state"
targets "\"$operator\""
write_rules plain
export Esddns__State__File=$work/state/state.json services__operator__http__0=http://$operator

# A receiver of notifications, which does not run at first.
export Esddns__Notifications__Channels__0__Type=Webhook
export Esddns__Notifications__Channels__0__Url=http://127.0.0.1:${ports}99/
readonly receiver='
import http.server
class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.end_headers()
http.server.HTTPServer(("127.0.0.1", PORT), Receiver).serve_forever()'

readonly scenario_began=$(date +%s)
start_simulator
start_operator
start_web
start_prometheus <<JOBS
- job_name: esddns-operator
  file_sd_configs: [{ files: [targets.json] }]
- job_name: esddns-service
  static_configs: [{ targets: ["$web"] }]
JOBS
until_true 30 has_address 10 || fail "there is no first record"
sleep 20
[ -z "$(alerts)" ] || fail "without a fault: $(alerts | tr '\n' ' ')"
echo "no fault: no alert in 20 s"

# 1. A foreign edit, which nobody is told of, a web service that ended, and an address of carrier-grade NAT. All go on
# together.
fault '{"service":"dns","kind":"wrongAddress","address":"100.64.0.7"}'
stop web
curl -fs "$simulator/control/zones/example.com" | sed 's/"203\.0\.113\.10"/"198.51.100.9"/' >"$work/zone.json"
begins
control PUT zones/example.com "@$work/zone.json"
ends
fire EsddnsForeignEdit EsddnsWebDown
resolve "another client replaced the value; the alert ends by itself" EsddnsForeignEdit
fire EsddnsCarrierGradeNat EsddnsNotificationsWaiting
ends
start receiver python3 -c "${receiver/PORT/${ports}99}"
start_web
resolve "the web service was stopped" EsddnsWebDown
resolve "the receiver of notifications did not run" EsddnsNotificationsWaiting
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

# 10. No round starts, and nothing asks the name servers.
stop operator
Esddns__SyncInterval=3600 Esddns__Propagation__Interval=3600 start_operator
begins
fire EsddnsNotVerified
ends
sync
resolve "no round started" EsddnsNotVerified

print_table
# Each alert is in this table, or in that of eng/cluster-alerts.sh.
all=$(sed -n 's/^  - alert: \([A-Za-z]*\).*/\1/p' eng/monitoring/alerts.yaml)
for name in $all; do
    [[ $table == *"\`$name\`"* || " $in_a_cluster " == *" $name "* ]] || fail "$name was not provoked"
done
eng/dashboard.sh "http://$prometheus" "$scenario_began" || failed=$((failed + 1))
print_result "$scenario_began"
