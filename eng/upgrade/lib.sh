# shellcheck shell=bash
# Functions of eng/upgrade.sh, which sources this file from the root of the repository.
readonly source=artifacts/upgrade/${baseline:0:12} operator=127.0.0.1:${ports}08 other_operator=127.0.0.1:${ports}09
declare -A root=([old]=$source [new]=.)
checks=0 writes=0

# build_baseline: the programs of the earlier commit, once. Its warnings may be errors to a newer compiler.
build_baseline() {
    local project bin=bin/Debug/net10.0
    mkdir -p $source
    git archive $baseline | tar -x -C $source || return 1
    for project in Esddns.Operator Esddns.Web; do
        [ ! -e $source/$project/$bin/$project.dll ] || continue
        dotnet build $source/$project --nologo -v quiet -p:TreatWarningsAsErrors=false -p:RunAnalyzers=false \
            >"$work/build.log" 2>&1 || { tail -n 20 "$work/build.log"; return 1; }
    done
}

# check WHAT COMMAND...
check() {
    local what=$1
    shift
    checks=$((checks + 1))
    if "$@"; then echo "ok      $what"; else fail "$what"; fi
}

# run VERSION [ADDRESS]: starts the operator of a version.
run() {
    start "$1" dotnet "${root[$1]}/Esddns.Operator/bin/Debug/net10.0/Esddns.Operator.dll" \
        --urls "http://${2:-$operator}"
    check "$1: starts" until_true 60 answers "http://${2:-$operator}/alive"
}

wan() { control PUT wan "{\"ipv4\":\"203.0.113.$1\"}"; }
# sync: waits until a round has ended. The one that a request interrupts may be the first.
sync() { curl -fs -m 60 -X POST "http://${1:-$operator}/sync" >"$work/sync.json"; }
status() { curl -fs "http://$operator/status" | jq -e "$@" >/dev/null; }
# scrape VERSION [ADDRESS]: what eng/upgrade/names.sh compares.
scrape() {
    curl -fs "http://${2:-$operator}/metrics" >>"$work/$1.metrics"
    curl -fs "http://${2:-$operator}/status" >>"$work/$1.json"
}

# values NAME: the values of an A record, sorted.
values() {
    curl -fs "$simulator/control/zones/example.com" |
        jq -r --arg name "$1" '.[] | select(.name == $name and .type == "A") | .values | sort | join(" ")'
}
holds() { [ "$(values "$1")" = "$2" ]; }

# wrote N: the number of writes since the last call.
wrote() {
    local before=$writes
    writes=$(curl -fs "$simulator/control/requests" | jq '[.[] | select(.method != "GET")] | length')
    [ $((writes - before)) = "$1" ] || { echo "$((writes - before)) writes instead of $1"; return 1; }
}
