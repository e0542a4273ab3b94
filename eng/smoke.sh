#!/usr/bin/env bash
# Starts the published programs, native code, on loopback: the simulator, and the operator and the web service from
# the archives of eng/images.sh. Publishes the simulator to artifacts/simulator if it is not there. Checks a record,
# all endpoints, and the stop. Prints each check, and the memory of each program at the end.
#   eng/smoke.sh [SECONDS]    SECONDS: how long to scrape and view pages before the memory is read; default 5
# ESDDNS_ARCH=arm64 starts those of arm64 under qemu, with the libraries of their images.
set -uo pipefail
cd "$(dirname "$0")/.."
readonly seconds=${1:-5} simulator=artifacts/simulator work=$(mktemp -d)
declare -A pids=() emulator=()
failed=0

end() {
    [ ${#pids[@]} = 0 ] || kill "${pids[@]}" 2>/dev/null
    wait
    [ $failed = 0 ] || tail -n 30 "$work"/*.log | cut -c1-300
    rm -rf "$work"
}
trap end EXIT

check() {
    local what=$1
    shift
    if "$@"; then echo "ok      $what"; else failed=$((failed + 1)); echo "NOT OK  $what"; fi
}

# until_true COMMAND...: repeats the command, for 30 s at most.
until_true() {
    local end=$((SECONDS + 30))
    until "$@"; do
        [ $SECONDS -lt $end ] || return 1
        sleep 0.05
    done
}
answers() { curl -fs -o /dev/null "$1"; }
has() { curl -fs "$1" | grep -F -- "$2" >/dev/null; }

# unpack NAME: the files of the image archive. Sets how its program is started.
unpack() {
    local layer archive=artifacts/images/esddns-$1.tar
    mkdir -p "$work/$1"
    if [ "${ESDDNS_ARCH:-amd64}" != amd64 ]; then
        archive=artifacts/images/esddns-$1-$ESDDNS_ARCH.tar
        emulator[$1]="qemu-aarch64-static -L $work/$1"
    fi
    layer=$(tar -xOf "$archive" manifest.json | jq -r '.[0].Layers[0]') &&
        tar -xOf "$archive" "$layer" | tar -xC "$work/$1"
}

starts_or_ends() { answers "${url[$1]}/health" || ! kill -0 "${pids[$1]}" 2>/dev/null; }

# start NAME PROGRAM ARGUMENT...: starts a program and waits until it is healthy. Adds the time to `started`.
start() {
    local name=$1 began=$EPOCHREALTIME
    shift
    "$@" >"$work/$name.log" 2>&1 &
    pids[$name]=$!
    until_true starts_or_ends $name && answers "${url[$name]}/health" &&
        started+="  $name $(awk "BEGIN { printf \"%d\", 1000 * ($EPOCHREALTIME - $began) }") ms"
}

stops() {
    kill -TERM "${pids[$1]}" && wait "${pids[$1]}"
    local code=$?
    unset "pids[$1]"
    [ $code = 0 ]
}

# value NAME FIELD: a field of the process's status in MB.
value() { awk -v field="$2:" '$1 == field { printf "%.1f", $2 / 1024 }' "/proc/${pids[$1]}/status"; }

# put NAME BODY: changes the simulated internet.
put() { curl -fsS -o /dev/null -X PUT -H 'Content-Type: application/json' -d "$2" "${url[simulator]}/control/$1"; }

[ -x $simulator/Esddns.Simulator ] || dotnet publish Esddns.Simulator -c Release -r linux-x64 --nologo -v quiet \
    --artifacts-path artifacts/publish -o $simulator >"$work/publish.log" 2>&1 || { failed=1; exit 1; }
check "the archives contain the programs" eval 'unpack operator && unpack web'
[ $failed = 0 ] || exit 1

# Other ports than those of run.sh.
readonly dns=16300 stun=16478
declare -A url=([simulator]=http://127.0.0.1:16380 [operator]=http://127.0.0.1:16080 [web]=http://127.0.0.1:16339)
started=
export Simulator__HttpPort=16380 Simulator__DnsPort=$dns Simulator__StunPort=$stun
export API_KEY=simulator-token TARGET_DOMAIN_FQDN=example.com RECORD_NAME_ROOT=home RECORD_TTL=300
export Esddns__LiveDns__BaseUrl=${url[simulator]}/v5/livedns Esddns__State__File=$work/state.json
export Esddns__Discovery__Stun="stun://127.0.0.1:$stun#stun,stun+tcp://127.0.0.1:$stun#stun"
export Esddns__Discovery__Echo="${url[simulator]}/echo/a#echo,${url[simulator]}/echo/b#echo"
export Esddns__Discovery__Dns="dns://127.0.0.1:$dns/myip.opendns.com?type=A#dns" Esddns__Discovery__Interfaces=false
export Esddns__Propagation__NameServers=dns://127.0.0.1:$dns Esddns__Agreement__AllowedRanges=documentation
export services__operator__http__0=${url[operator]}

check "simulator: is healthy" start simulator $simulator/Esddns.Simulator
check "operator: is healthy" \
    start operator ${emulator[operator]:-} "$work/operator/app/Esddns.Operator" --urls "${url[operator]}"
check "web: is healthy" start web ${emulator[web]:-} "$work/web/app/Esddns.Web" --urls "${url[web]}"
echo "        healthy after$started"
[ $failed = 0 ] || exit 1
check "the first record" until_true has "${url[simulator]}/control/zones/example.com" 203.0.113.10
check "simulator: changes the address" put wan '{"ipv4":"203.0.113.77"}'
check "operator: POST /sync" curl -fs -o /dev/null -X POST "${url[operator]}/sync"
check "the record follows" until_true has "${url[simulator]}/control/zones/example.com" 203.0.113.77
check "operator: /status" has "${url[operator]}/status" '"fqdn": "home.example.com"'
check "operator: explains a wrong parameter" eval \
    'curl -s "${url[operator]}/status?limit=x" | grep -q "\"status\":400,\"detail\":\"limit=x"'
check "operator: /metrics" has "${url[operator]}/metrics" \
    'esddns_current_wan_ip_info{family="IPv4",ip_address="203.0.113.77"} 1'
check "operator: the state file" grep -q 203.0.113.77 "$work/state.json"
check "web: the page" until_true has "${url[web]}/" '<code>203.0.113.77</code>'
check "web: /raw" until_true has "${url[web]}/raw" '"rrset_values":["203.0.113.77"]'
check "web: /api/v1/status" has "${url[web]}/api/v1/status" '"state":"InSync"'
check "web: /api/v1/records" has "${url[web]}/api/v1/records?name=home" '"values":["203.0.113.77"]'
check "web: explains a wrong parameter" eval \
    'curl -s "${url[web]}/api/v1/records?limit=x" | grep -q "\"status\":400,\"detail\":\"limit: "'
check "web: the OpenAPI document" has "${url[web]}/openapi/v1.json" '"/api/v1/records/{fqdn}/{type}"'
check "web: a badge" has "${url[web]}/badge/home.example.com/A.svg" '203.0.113.77</text>'
check "web: the events" eval 'grep -q "^event: status" < <(curl -sN -m 5 "${url[web]}/api/v1/events")'
check "web: /metrics" has "${url[web]}/metrics" 'esddns_service_health{component="operator"} 1'
check "simulator: a fault, with its defaults" eval 'curl -fs -H "Content-Type: application/json" \
    -d "{\"service\":\"livedns\",\"kind\":\"status\"}" ${url[simulator]}/control/faults | grep -q "\"status\": 503"'

for ((i = 0; i < seconds; i += 3)); do
    curl -fs -o /dev/null "${url[operator]}/metrics" -o /dev/null "${url[operator]}/status" \
        -o /dev/null "${url[web]}/" -o /dev/null "${url[web]}/raw" -o /dev/null "${url[web]}/metrics"
    sleep 3
done
for name in operator web simulator; do
    echo "        $name: $(value $name VmRSS) MB resident, of which $(value $name RssAnon) MB its own"
done
for name in web operator simulator; do check "$name: ends with code 0 on SIGTERM" stops $name; done
check "no program logged an error" eval '! grep -hE " (fail|crit): |Unhandled" "$work"/{operator,web,simulator}.log'
[ $failed = 0 ]
