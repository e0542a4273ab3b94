# shellcheck shell=bash
# Functions of eng/e2e.sh, which sources this file from the root of the repository.

passed=0 failed=0

# step WHAT COMMAND...: prints one line with result and duration. The output goes to the log, and to stdout on failure.
step() {
    local what=$1 began=$EPOCHREALTIME result=ok from
    shift
    printf '\n== %s\n' "$what" >>"$log"
    from=$(wc -l <"$log")
    if "$@" >>"$log" 2>&1 </dev/null; then passed=$((passed + 1)); else failed=$((failed + 1)) result='NOT OK'; fi
    LC_ALL=C printf '%-7s %6.1f s  %s\n' "$result" "$(awk "BEGIN { print $EPOCHREALTIME - $began }")" "$what"
    [ "$result" = ok ] || tail -n +$((from + 1)) "$log" | tail -n 40 | cut -c1-300 | sed 's/^/        /'
}

# until_true SECONDS COMMAND...
until_true() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        [ $SECONDS -lt $end ] || { echo "timed out: $*"; return 1; }
        sleep 0.5
    done
}

section() { awk -v section="## $1" '/^## / { on = $0 == section } on' docs/kubernetes.md; }

# commands: the commands in the code blocks of a section, separated by NUL. Skips blocks after a comment "not run".
commands() {
    awk '
        function flush() { if (command != "") printf "%s%c", command, 0; command = "" }
        /^<!-- not run/ { skip = 1 }
        /^```/ { flush(); inside = !inside; if (!inside) skip = 0; next }
        inside && !skip && /^\$ / { flush(); command = substr($0, 3); next }
        inside && !skip && /^> / && command != "" { command = command "\n" substr($0, 3); next }
        inside { flush() }
        END { flush() }'
}

# in_words: the commands in the prose of a section.
in_words() { grep -o '`kubectl [^`]*`' | tr -d '`' | sort -u | tr '\n' '\0'; }

# guide SECTION [in_words]: runs the commands of a section of docs/kubernetes.md, and stops at the first failure.
guide() {
    local command count=0
    while IFS= read -r -d '' command; do
        count=$((count + 1))
        printf '$ %s\n' "$command"
        eval "$command" || { echo "failed: $command"; return 1; }
    done < <(section "$1" | "${2:-commands}")
    [ $count -gt 0 ] || { echo "docs/kubernetes.md has no commands in section '$1'"; return 1; }
}

# Adapts the guide's commands to this run: overlays with the simulated internet, cluster addresses as reached from a
# node, and the simulator's name server.
kubectl() {
    local arguments=("${@/#aspirate-output\/overlays\//eng\/e2e\/}")
    command kubectl "${arguments[@]/#aspirate-output\/cluster/eng\/e2e\/cluster}"
}
curl() { ip netns exec esddns-n1 curl -sS --max-time 10 "$@"; }
dig() { command dig @"$internet" -p 5300 "$@"; }

wan() {
    command curl -fsS -X PUT -H 'Content-Type: application/json' -d "{\"ipv4\":\"$1\"}" \
        "http://$internet:5380/control/wan"
}
record_is() { [ "$(dig +short "${2:-home.example.com}" A)" = "$1" ]; }

# change ADDRESS [NAME]: changes the WAN address and waits for the record.
change() { wan "$1" && until_true 90 record_is "$@"; }

# serve_names: serves the names of all Services at the DNS address of the pods.
serve_names() {
    local zone=$work/cluster.local.zone
    {
        echo '$ORIGIN cluster.local.'
        echo '@ 5 SOA ns admin 1 3600 600 86400 5'
        echo '@ 5 NS ns'
        echo 'ns 5 A 10.99.0.1'
        command kubectl get services --all-namespaces --output \
            jsonpath='{range .items[*]}{.metadata.name}.{.metadata.namespace}.svc 5 A {.spec.clusterIP}{"\n"}{end}'
    } >"$zone"
    cat >"$work/knot.conf" <<CONF
server:
  listen: 10.99.0.1@53
  rundir: $work
database:
  storage: $work
log:
- target: stdout
  any: warning
zone:
- domain: cluster.local
  file: $zone
  zonefile-sync: -1
CONF
    stop_names
    knotd --config "$work/knot.conf" &
    names=$!
}

stop_names() {
    [ -z "${names:-}" ] || { kill "$names"; wait "$names"; } 2>/dev/null
    names=
}
