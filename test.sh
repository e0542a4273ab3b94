#!/usr/bin/env bash
# Restores, builds and tests everything that this machine's package feed allows (docs/feeds.md), and prints the totals.
set -euo pipefail
cd "$(dirname "$0")"
. eng/local.sh
require_sdk

if [ "$(eng/feed.sh)" = full ]; then
    solution=Esddns.sln
else
    solution=eng/partial.slnf
    echo "The package feed lacks Aspire: the AppHost is left out (docs/feeds.md)."
fi
dotnet build "$solution" --nologo -v quiet

mkdir -p artifacts
rm -f artifacts/measured.txt
log=artifacts/test.log
failed=0
dotnet test --project Esddns.Tests --no-build --no-progress "$@" 2>&1 | tee "$log" || failed=1

count() { sed -n "s/^  $1: \([0-9]*\)\$/\1/p" "$log" | tail -n 1; }
passed=$(count succeeded) wrong=$(count failed) skipped=$(count skipped)
[ -n "$passed" ] || { echo "No test ran." >&2; exit 1; }
[ ! -s artifacts/measured.txt ] || { echo "Measured on this machine:"; sed 's/^/  /' artifacts/measured.txt; }
echo "$passed passed, $wrong failed, $skipped skipped"
exit $failed
