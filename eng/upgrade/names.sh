# shellcheck shell=bash
# The names that others rely on: metrics and labels, settings, objects of the manifests. Sourced by eng/upgrade.sh,
# after the programs were scraped.

# labels FILE: the metrics of a program, one "name label" a line.
labels() {
    grep -v '^#' "$1" | sed -E 's/ [^ ]+$//; s/="([^"\\]|\\.)*"//g; s/[{},]/ /g' |
        awk '{ print $1; for (i = 2; i <= NF; i++) print $1, $i }' | sort -u
}

# settings VERSION: the settings in its documentation.
settings() { (cd "${root[$1]}" && grep -rhoE '`Esddns:[A-Za-z0-9:]+`' README.md docs) | sort -u; }

# objects_of VERSION: kind and name of the objects that its guide applies.
objects_of() {
    local folder
    for folder in cluster production; do
        [ ! -e "${root[$1]}/eng/e2e/$folder" ] || kubectl kustomize "${root[$1]}/eng/e2e/$folder" || return 1
    done | awk '/^---/ { kind = "" } /^kind:/ { kind = $2 } /^  name:/ { print kind, $2 }' | sort -u
}

# keeps LIST EARLIER LATER: no line of the list of the earlier version is missing in that of this one.
keeps() {
    local lost
    "$1" "$2" >"$work/earlier" && "$1" "$3" >"$work/later" && [ -s "$work/earlier" ] || return 1
    lost=$(comm -23 "$work/earlier" "$work/later")
    [ -z "$lost" ] || { echo "missing: $lost"; return 1; }
}
check "metrics and labels of the operator" keeps labels "$work/old.metrics" "$work/new.metrics"
check "metrics and labels of the page" keeps labels "$work/old-web.metrics" "$work/new-web.metrics"
check "settings" keeps settings old new
# The name of this role contains the namespace now, so that two installations do not share it.
renamed() { objects_of "$1" | grep -vxE 'ClusterRole(Binding)? esddns-operator'; }
check "objects of the manifests" keeps renamed old new
