#!/usr/bin/env bash
# Generates charts/esddns: the AppHost publishes a Helm chart with Aspire.Hosting.Kubernetes, from the objects in
# aspirate-output and the values in eng/chart. --check publishes into a temporary folder and fails if charts/esddns
# differs. Without the package (docs/feeds.md) it prints "Skipped".
#   RestoreAdditionalProjectSources=FOLDER eng/chart.sh    takes the package from a folder
set -euo pipefail
cd "$(dirname "$0")/.."

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
chart=charts/esddns
case "${1:-}" in
"" | --check) ;;
*) echo "usage: $0 [--check]" >&2; exit 2 ;;
esac

# missing WHAT: reports that this machine cannot publish. The check is then skipped, not failed.
missing() {
    [ "${1:-}" != "" ] && [ "$check" = 1 ] && { echo "Skipped the check of $chart: $1."; exit 0; }
    echo "Cannot publish: $1." >&2
    exit 1
}
