#!/usr/bin/env bash
# Generates charts/esddns: the AppHost publishes a Helm chart with Aspire.Hosting.Kubernetes, from the objects in
# aspirate-output and the values in eng/chart. --check publishes into a temporary folder and fails if charts/esddns
# differs. Without the package (docs/feeds.md) it prints "Skipped".
# RestoreAdditionalProjectSources=FOLDER in the environment takes the package from a folder.
set -euo pipefail
cd "$(dirname "$0")/.."

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
chart=charts/esddns
case "${1:-}" in
"" | --check) mode=${1:-} ;;
*) echo "usage: $0 [--check]" >&2; exit 2 ;;
esac

# die REASON: prints the reason and the end of the last step's output, and exits.
die() {
    echo "$1" >&2
    [ ! -s "$temporary/log" ] || tail -n 15 "$temporary/log" >&2
    exit 1
}

# missing WHAT: reports that this machine cannot publish. The check is then skipped, not failed.
missing() {
    [ "$mode" != --check ] || { echo "Skipped the check of $chart: $1."; exit 0; }
    echo "Cannot publish: $1." >&2
    exit 1
}

# A folder of its own: the package is no reference of other builds.
options=(-p:PublishTo=helm --artifacts-path "$PWD/artifacts/chart")
if ! dotnet restore Esddns.AppHost "${options[@]}" >"$temporary/log" 2>&1; then
    ! grep -qE 'NU110[123].*Aspire\.Hosting\.Kubernetes' "$temporary/log" ||
        missing "the package feed lacks Aspire.Hosting.Kubernetes"
    die "Cannot restore the AppHost."
fi
# It exits with 0 also when a step failed. The last step writes the table of the values.
dotnet run --project Esddns.AppHost "${options[@]}" --no-restore --no-launch-profile -- \
    --operation publish --step publish --output-path "$temporary/esddns" >"$temporary/log" 2>&1 &&
    grep -q '^| `record.domain` ' "$temporary/esddns/README.md" || die "The AppHost did not publish its chart."

if [ "$mode" = --check ]; then
    diff -r -u "$chart" "$temporary/esddns" ||
        { echo "$chart is out of date: run eng/chart.sh and commit the result." >&2; exit 1; }
    echo "$chart is up to date."
else
    mkdir -p charts
    rm -rf "$chart"
    mv "$temporary/esddns" "$chart"
fi
