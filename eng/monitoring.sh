#!/usr/bin/env bash
# Makes the files of alert rules from their source, eng/monitoring/alerts.yaml, which describes them.
#   eng/monitoring.sh            writes the files
#   eng/monitoring.sh --check    fails if a file is not up to date, or promtool does not accept the rules or their tests
#   eng/monitoring.sh --print KIND    prints the rules of one kind, kubernetes or plain
set -euo pipefail
cd "$(dirname "$0")/.."
readonly source=eng/monitoring/alerts.yaml
readonly cluster=aspirate-output/monitoring/rules.yaml plain=docs/prometheus/alerts.yaml
readonly runbook=https://github.com/sqe/esddns/blob/main/docs/runbook.md

# rules KIND: the rules of one kind, kubernetes or plain. Adds the address of its section in the runbook to each alert.
rules() {
    awk -v kind="$1" -v runbook="$runbook" '
        /^#/ { next }
        match($0, /  # (kubernetes|plain)$/) {
            only = substr($0, RSTART + 4)
            $0 = substr($0, 1, RSTART - 1)
        }
        $1 == "-" && $2 == "alert:" { name = $3; skip = only != "" && only != kind }
        { ours = !skip && (only == "" || only == kind); only = "" }
        !ours { next }
        kind == "plain" { gsub(/\(namespace, /, "("); gsub(/ by \(namespace\)/, "") }
        { print }
        $1 == "annotations:" { print "      runbook_url: " runbook "#" tolower(name) }
    ' "$source"
}

cluster_file() {
    echo "# Made by eng/monitoring.sh from $source."
    printf '%s\n' 'apiVersion: monitoring.coreos.com/v1' 'kind: PrometheusRule' 'metadata:' '  name: esddns' \
        '  labels:' '    app.kubernetes.io/name: esddns' 'spec:'
    rules kubernetes | sed 's/^/  /'
}

plain_file() {
    echo "# Made by eng/monitoring.sh from $source."
    rules plain
}

case "${1:-}" in
"") cluster_file >"$cluster" && plain_file >"$plain" ;;
--print) rules "${2:?the kind}" ;;
--check)
    temporary=$(mktemp -d)
    trap 'rm -rf "$temporary"' EXIT
    cluster_file | diff -u "$cluster" - && plain_file | diff -u "$plain" - ||
        { echo "The rules are out of date: run eng/monitoring.sh and commit the result." >&2; exit 1; }
    rules kubernetes >"$temporary/rules.yaml"
    cp eng/monitoring/tests.yaml "$temporary"
    promtool check rules "$temporary/rules.yaml" "$plain"
    promtool check config --syntax-only docs/prometheus/prometheus.yaml
    promtool test rules "$temporary/tests.yaml"
    ;;
*) echo "usage: $0 [--check | --print KIND]" >&2; exit 2 ;;
esac
