#!/usr/bin/env bash
# Generates aspirate-output/base: the AppHost publishes its manifest, and Aspirate makes Kubernetes objects of it with the templates in
# eng/aspirate-templates. Nothing else writes there: Aspirate empties its folders, so what is kept by hand lies beside them.
# --check generates elsewhere and fails when base differs; where Aspirate cannot be had (docs/feeds.md) it says so and is skipped.
set -euo pipefail
cd "$(dirname "$0")/.."

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
base="aspirate-output/base"
case "${1:-}" in
"") output=$PWD/$base ;;
--check) output=$temporary/base ;;
*) echo "usage: $0 [--check]" >&2; exit 2 ;;
esac

# die REASON: with the end of what the last step said.
die() {
    echo "$1" >&2
    [ ! -s "$temporary/log" ] || tail -n 15 "$temporary/log" >&2
    exit 1
}

# missing WHAT: no generation on this machine; the check does not fail for it.
missing() {
    [ "$output" != "$temporary/base" ] || { echo "Skipped: whether $base is what Aspirate generates was not checked, because $1."; exit 0; }
    echo "Nothing was generated: $1." >&2
    exit 1
}

[ "$(eng/feed.sh)" = full ] || missing "the package feed lacks Aspire's app host"
# A feed may lack other tools of the manifest.
dotnet tool restore >"$temporary/log" 2>&1 || true
if dotnet aspirate --version >/dev/null 2>&1; then
    aspirate=(dotnet aspirate)
elif command -v aspirate >/dev/null; then
    aspirate=(aspirate)
elif grep -q 'not found in NuGet feeds' "$temporary/log"; then
    missing "the package feed lacks the tool Aspirate"
else
    die "Aspirate could not be restored."
fi

# Aspirate takes the paths in the manifest and in aspirate.json relative to where it is run.
cd Esddns.AppHost
dotnet run --project . -- --publisher manifest --output-path manifest.json >"$temporary/log" 2>&1 || die "The AppHost published no manifest."
"${aspirate[@]}" generate --non-interactive --disable-state --disable-secrets --skip-build --include-dashboard false \
    --image-pull-policy IfNotPresent --namespace esddns-system --aspire-manifest manifest.json --output-path "$output" \
    >"$temporary/log" 2>&1 || die "Aspirate failed."

cd ..
[ "$output" = "$temporary/base" ] || exit 0
diff -r -u "$base" "$output" || { echo "$base is not what Aspirate generates: run eng/manifests.sh and commit what it writes." >&2; exit 1; }
echo "$base is what Aspirate generates."
