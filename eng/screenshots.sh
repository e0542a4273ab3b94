#!/usr/bin/env bash
# Takes the pictures of the status page in docs/images: the simulator, the operator and the web service run here, and
# eng/screenshots.mjs brings them into each state. Needs Debian's chromium and the build of the tests.
set -euo pipefail
cd "$(dirname "$0")/.."
. eng/local.sh

chromium=$(command -v chromium) || die "chromium is missing: apt-get install chromium"
driver=$PWD/Esddns.Tests/bin/Debug/net10.0/.playwright
for project in Esddns.Simulator Esddns.Operator Esddns.Web Esddns.Tests; do build $project; done
require_ports
state=$(mktemp -d)
trap 'stop_all; rm -rf "$state"' EXIT
simulated_settings
unset API_KEY TARGET_DOMAIN_FQDN RECORD_NAME_ROOT RECORD_TTL
export Esddns__LiveDns__Token=simulator-token Esddns__State__File=$state/state.json
i=0
for name in home nas vpn; do
    export "Esddns__Records__${i}__Zone=example.com" "Esddns__Records__${i}__Name=$name" "Esddns__Records__${i}__Ttl=300"
    i=$((i + 1))
done
export Logging__LogLevel__Default=Error

operator_starts() {
    start operator Esddns.Operator
    operator=${PIDS[-1]}
    wait_for "http://127.0.0.1:$OPERATOR_PORT/status"
}

operator_stops() {
    kill "$operator"
    wait "$operator" || true
    unset 'PIDS[-1]'
}

picture() {
    "$driver"/node/*/node eng/screenshots.mjs "$1" "$driver/package" "$chromium" "$state/state.json"
}

start simulator Esddns.Simulator
wait_for "http://127.0.0.1:$SIMULATOR_PORT/health"
services__operator__http__0=http://127.0.0.1:$OPERATOR_PORT start web Esddns.Web
wait_for "http://127.0.0.1:$WEB_PORT/health"
operator_starts
picture first-address
operator_stops
picture month-of-history
operator_starts
for state_of_page in in-sync carrier-nat drift no-agreement provider-down recovered; do picture $state_of_page; done
operator_stops
picture stale
ls -l docs/images/page-*.png
