# shellcheck shell=bash
# The names that others rely on: metrics and labels, fields of the HTTP API, settings, objects and ports of the
# manifests. Sourced by eng/upgrade.sh, after the programs were scraped. A table in docs/development.md has the exceptions.

# labels FILE: the metrics of a program, one "name label" a line.
labels() {
    grep -v '^#' "$1" | sed -E 's/ [^ ]+$//; s/="([^"\\]|\\.)*"//g; s/[{},]/ /g' |
        awk '{ print $1; for (i = 2; i <= NF; i++) print $1, $i }' | sort -u
}

# fields FILE: the fields of JSON documents that have a value, e.g. records[].ttl.
fields() {
    jq -r 'paths(. != null) | map(if type == "number" then "[]" else "." + . end) | add | ltrimstr(".")' "$1" | sort -u
}

# settings VERSION: the settings in its documentation.
settings() { (cd "${root[$1]}" && grep -rhoE '`Esddns:[A-Za-z0-9:]+`' README.md docs) | sort -u; }

# objects VERSION: the objects that its guide applies, with the ports of pods and the ports and types of Services.
objects() {
    local folder
    for folder in cluster production development; do
        [ ! -e "${root[$1]}/eng/e2e/$folder" ] || kubectl kustomize "${root[$1]}/eng/e2e/$folder" || return 1
        echo ---
    done | awk '
        /^[^ ]/ && section == "metadata:" { object = kind " " namespace name; print object }
        /^[^ ]/ { section = $1 }
        /^---/ { namespace = "" }
        /^kind:/ { kind = $2 }
        section == "metadata:" && /^  name:/ { name = $2 }
        section == "metadata:" && /^  namespace:/ { namespace = $2 "/" }
        section != "spec:" { next }
        / containerPort: / || kind == "Service" && / (port|type): / { print object, $(NF - 1), $NF }
    ' | sort -u
}

# exceptions WHERE: the names that the guide lists as gone.
exceptions() { sed -n "s#^| $1 | \`\([^\`]*\)\` |.*#\1#p" docs/development.md; }

# keeps WHERE LIST EARLIER LATER: no line of the list of the earlier version is missing in that of this one.
keeps() {
    local lost
    "$2" "$3" >"$work/earlier" && "$2" "$4" >"$work/later" && [ -s "$work/earlier" ] || return 1
    lost=$(comm -23 "$work/earlier" "$work/later" | grep -vxFf <(exceptions "$1"))
    [ -z "$lost" ] || { echo "missing: $lost"; return 1; }
}
check "metrics and labels of the operator" keeps metrics labels "$work/old.metrics" "$work/new.metrics"
check "metrics and labels of the page" keeps metrics labels "$work/old-web.metrics" "$work/new-web.metrics"
check "fields of /status" keeps /status fields "$work/old.json" "$work/new.json"
check "fields of /raw" keeps /raw fields "$work/old-web.json" "$work/new-web.json"
check "settings" keeps settings settings old new
check "objects and ports of the manifests" keeps manifests objects old new
