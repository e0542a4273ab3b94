#!/usr/bin/env bash
# Restores, builds and tests everything that this machine's package feed allows (docs/feeds.md). Ends with the tests that failed, one line
# each, with what was skipped and how to have it, and with the totals. Options go to the tests: ./test.sh --filter-class '*StunTests'.
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
log=artifacts/test.log report=artifacts/test.xml
rm -f artifacts/measured.txt "$report"
failed=0
dotnet test --project Esddns.Tests --no-build --no-progress --results-directory artifacts \
    --report-xunit-xml --report-xunit-xml-filename "${report##*/}" "$@" 2>&1 | tee "$log" | { grep --line-buffered '^failed ' || true; } || failed=1

count() { sed -n "s/^  $1: \([0-9]*\)\$/\1/p" "$log" | tail -n 1; }
passed=$(count succeeded) wrong=$(count failed) skipped=$(count skipped)
[ -n "$passed" ] && [ -s "$report" ] || { tail -n 40 "$log"; echo "The tests did not run to their end: see $log" >&2; exit 1; }
[ ! -s artifacts/measured.txt ] || { echo "Measured on this machine:"; sed 's/^/  /' artifacts/measured.txt; }
awk -v slowest=artifacts/slowest.txt -f eng/test-report.awk "$report"
[ $failed = 0 ] || echo "What the failed tests printed: $log"
echo "$passed passed, $wrong failed, $skipped skipped"
exit $failed
