#!/usr/bin/env bash
# Generates aspirate-output/base. The AppHost publishes its manifest, and Aspirate converts it to Kubernetes objects
# with the templates in eng/aspirate-templates. Aspirate empties its folders, so files written by hand must be in other
# folders. --check generates into a temporary folder and fails if base differs. Without Aspirate (docs/feeds.md) it
# prints "Skipped".
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

# die REASON: prints the reason and the end of the last step's output, and exits.
die() {
    echo "$1" >&2
    [ ! -s "$temporary/log" ] || tail -n 15 "$temporary/log" >&2
    exit 1
}

# missing WHAT: reports that this machine cannot generate. The check is then skipped, not failed.
missing() {
    [ "$output" != "$temporary/base" ] || { echo "Skipped the check of $base: $1."; exit 0; }
    echo "Cannot generate: $1." >&2
    exit 1
}

# The feed may lack other tools of the tool manifest.
dotnet tool restore >"$temporary/log" 2>&1 || true
if dotnet aspirate --version >/dev/null 2>&1; then
    aspirate=(dotnet aspirate)
elif command -v aspirate >/dev/null; then
    aspirate=(aspirate)
elif grep -q 'not found in NuGet feeds' "$temporary/log"; then
    missing "the package feed lacks the tool Aspirate"
else
    die "Cannot restore Aspirate."
fi

# Aspirate resolves the paths in the manifest and in aspirate.json relative to the working directory.
cd Esddns.AppHost
dotnet run --project . -- --publisher manifest --output-path manifest.json >"$temporary/log" 2>&1 ||
    die "The AppHost did not publish its manifest."
"${aspirate[@]}" generate --non-interactive --disable-state --disable-secrets --skip-build --include-dashboard false \
    --image-pull-policy IfNotPresent --namespace esddns-system --aspire-manifest manifest.json --output-path "$output" \
    >"$temporary/log" 2>&1 || die "Aspirate failed."

cd ..
[ "$output" = "$temporary/base" ] || exit 0
diff -r -u "$base" "$output" ||
    { echo "$base is out of date: run eng/manifests.sh and commit the result." >&2; exit 1; }
echo "$base is up to date."
