# shellcheck shell=bash
# One machine with a state file. Sourced by eng/upgrade.sh.
export Esddns__State__File=$work/state.json
readonly foreign=198.51.100.9
history=1

page_has() { curl -fs "http://$other_operator/$1" | grep -qF "$2"; }

# in_phase VERSION ADDRESS: the program knows the state of the other one, writes nothing, and follows a change.
in_phase() {
    local version=$1 address=$2
    check "$version: runs a round" sync
    check "$version: shows the history" status --argjson count $history '.history | length == $count'
    check "$version: counts rounds on" status --argjson least "${rounds:-0}" '.round > $least'
    check "$version: no more writes" wrote 0
    wan "$address"
    check "$version: the record follows, foreign values stay" until_true 30 holds home "$foreign 203.0.113.$address"
    check "$version: one write" wrote 1
    history=$((history + 1))
    check "$version: has the change in its history" until_true 10 status --arg to "203.0.113.$address" \
        --argjson count $history '(.history | length == $count) and (.history[0].to | tostring | contains($to))'
    check "$version: in sync" until_true 10 status .inSync
    rounds=$(curl -fs "http://$operator/status" | jq .round)
    scrape "$version"
}

# The first program creates the record. Another client adds a value.
start_simulator
run old
check "old: creates the record" until_true 30 holds home 203.0.113.10
until_true 10 status '.history | length == 1' || fail "old: no history"
curl -fs "$simulator/control/zones/example.com" |
    jq --arg value $foreign 'map(if .name == "home" then .values += [$value] else . end)' >"$work/zone.json"
control PUT zones/example.com "@$work/zone.json"
wrote 1 >/dev/null
in_phase old 11
stop old

# Up and down without a change, then with a change between the two programs.
run new
in_phase new 12
stop new
run old
in_phase old 13
stop old
for step in "new 14 15" "old 16 17"; do
    read -r version between during <<<"$step"
    wan "$between"
    run "$version"
    check "$version: replaces the address that the other one wrote" \
        until_true 30 holds home "$foreign 203.0.113.$between"
    check "$version: one write" wrote 1
    history=$((history + 1))
    in_phase "$version" "$during"
    stop "$version"
done
check "both could read the state" eval '! grep -iE "unreadable|understood" "$work"/{old,new}.log'

# A failed write, for the metrics of failures. A page of this version reads both operators, because it may be updated
# before the last operator; an earlier page cannot read the newer format (docs/development.md#versions).
for version in new old; do
    run "$version"
    sync
    control POST faults '{"service":"livedns","kind":"status","status":503,"count":1}'
    wan $((during += 1))
    check "$version: writes after a failure" until_true 30 holds home "$foreign 203.0.113.$during"
    scrape "$version"
    for page in $(printf '%s\n' "$version" new | sort -u); do
        start page env "services__operator__http__0=http://$operator" Esddns__State__File="$work/page.json" \
            dotnet "${root[$page]}/Esddns.Web/bin/Debug/net10.0/Esddns.Web.dll" --urls "http://$other_operator"
        check "page of $page, operator of $version: shows the address" until_true 30 page_has "" 203.0.113.$during
        check "page of $page, operator of $version: /raw has it too" page_has raw 203.0.113.$during
        curl -fs "http://$other_operator/metrics" >>"$work/$page-web.metrics"
        curl -fs "http://$other_operator/raw" >>"$work/$page-web.json"
        stop page
    done
    stop "$version"
done
