# Functions of run.sh, which sources this file from the root of the repository.

readonly DASHBOARD_PORT=15000 WEB_PORT=51339 OPERATOR_PORT=8080 SIMULATOR_PORT=5380 DNS_PORT=5300 STUN_PORT=3478
PIDS=()

require_sdk() {
    local found download=https://dot.net/download
    command -v dotnet >/dev/null || die "The .NET SDK is missing: install .NET 10 from $download and try again."
    dotnet --version >/dev/null 2>&1 && return
    found=$(dotnet --list-sdks | tail -n 1 | cut -d' ' -f1) || true
    die "The .NET SDK 10 is required; found $found: install it from $download."
}

die() {
    echo "$*" >&2
    exit 1
}

# taken PORT: whether a process listens on the port.
taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

require_ports() {
    local entry
    for entry in "dashboard $DASHBOARD_PORT" "web $WEB_PORT" "operator $OPERATOR_PORT" "simulator $SIMULATOR_PORT" \
        "simulated-DNS $DNS_PORT" "simulated-STUN $STUN_PORT"; do
        set -- $entry
        if taken "$2"; then die "Port $2 ($1) is taken: stop the process that uses it and try again."; fi
    done
}

# leave_out_settings COMMAND...: starts the command without the settings of this machine, which are for real records.
# Returns when there are none. Not by `unset`: it does not know names with a colon.
leave_out_settings() {
    local names
    mapfile -t names < <(env | grep -oiE '^Esddns(__|:)[^=]+|^(RECORD_TYPE_A|DNS_SYNC_INTERVAL)=' | tr -d =)
    [ ${#names[@]} -gt 0 ] || return 0
    echo "A simulated run does not use these variables: ${names[*]}" >&2
    exec env "${names[@]/#/--unset=}" "$@"
}

# The settings of one round, equal to those of the AppHost.
simulated_settings() {
    export API_KEY=simulator-token TARGET_DOMAIN_FQDN=example.com RECORD_NAME_ROOT=home RECORD_TTL=300
    export Esddns__LiveDns__BaseUrl=http://127.0.0.1:$SIMULATOR_PORT/v5/livedns
    export Esddns__Discovery__Stun="stun://127.0.0.1:$STUN_PORT#stun,stun+tcp://127.0.0.1:$STUN_PORT#stun"
    local url=http://127.0.0.1:$SIMULATOR_PORT/echo
    export Esddns__Discovery__Echo="$url/a#echo,$url/b#echo" Esddns__Discovery__Interfaces=false
    export Esddns__Discovery__Dns="dns://127.0.0.1:$DNS_PORT/myip.opendns.com?type=A#dns"
    export Esddns__Propagation__NameServers=dns://127.0.0.1:$DNS_PORT
    export Esddns__Agreement__AllowedRanges=documentation Esddns__State__File=none
}

build() {
    local log
    log=$(mktemp)
    dotnet build "$1" --nologo -v quiet >"$log" 2>&1 || { cat "$log" >&2; die "The build failed."; }
    rm -f "$log"
}

# start NAME PROJECT: starts a project in the background. NAME is its service name in the dashboard.
start() {
    OTEL_SERVICE_NAME=$1 dotnet "$2/bin/Debug/net10.0/$2.dll" &
    PIDS+=($!)
}

stop_all() {
    trap - EXIT INT TERM
    [ ${#PIDS[@]} -gt 0 ] || return 0
    kill "${PIDS[@]}" 2>/dev/null || true
    wait || true
    # Aspire's orchestrator stops its processes after the AppHost has exited.
    local i port
    for port in $WEB_PORT $OPERATOR_PORT $SIMULATOR_PORT; do
        for ((i = 0; i < 150; i++)); do taken $port || break; sleep 0.2; done
    done
}

wait_for() {
    local i
    for ((i = 0; i < 300; i++)); do
        curl -fs -o /dev/null "$1" && return
        kill -0 "${PIDS[@]}" 2>/dev/null || die "A service exited before it was ready."
        sleep 0.2
    done
    die "No answer from $1 within 60 seconds."
}

run_all() {
    require_ports
    trap stop_all EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    local simulator=http://127.0.0.1:$SIMULATOR_PORT
    build Esddns.AppHost
    dotnet run --no-build --project Esddns.AppHost --launch-profile http &
    PIDS+=($!)
    wait_for "http://127.0.0.1:$OPERATOR_PORT/health"
    wait_for "http://127.0.0.1:$WEB_PORT/health"
    cat <<READY

  Status page        http://127.0.0.1:$WEB_PORT/        (JSON: /raw)
  Aspire dashboard   http://127.0.0.1:$DASHBOARD_PORT
  Operator           http://127.0.0.1:$OPERATOR_PORT/status   (/metrics)

  Change the WAN address:
    curl -X PUT -H 'Content-Type: application/json' -d '{"ipv4":"203.0.113.77"}' $simulator/control/wan
  Query the zone's name server:
    dig +short @127.0.0.1 -p $DNS_PORT home.example.com A

  Ctrl-C stops everything.

READY
    wait -n "${PIDS[@]}" || true
    die "A service has exited; stopping the others."
}

run_once() {
    if [ -n "${API_KEY:-}${Esddns__LiveDns__Token:-}${Esddns__LiveDns__TokenFile:-}${Esddns__Update__Server:-}" ]; then
        build Esddns.Operator
        exec dotnet Esddns.Operator/bin/Debug/net10.0/Esddns.Operator.dll --once
    fi
    leave_out_settings ./run.sh --once
    echo "No token in API_KEY; running one round against the simulator." >&2
    require_ports
    build Esddns.Operator
    build Esddns.Simulator
    trap stop_all EXIT
    simulated_settings
    Logging__LogLevel__Default=Warning start simulator Esddns.Simulator
    wait_for "http://127.0.0.1:$SIMULATOR_PORT/health"
    dotnet Esddns.Operator/bin/Debug/net10.0/Esddns.Operator.dll --once
}
