#!/usr/bin/env bash
# Restores, builds and tests everything. Prints one line for each failed test, the skipped tests with their reasons,
# and the totals. Passes its options to the tests: ./test.sh --filter-class '*StunTests'.
set -euo pipefail
cd "$(dirname "$0")"
. eng/local.sh
require_sdk

dotnet build Esddns.sln --nologo -v quiet

mkdir -p artifacts
log=artifacts/test.log report=artifacts/test.xml
rm -f artifacts/measured.txt "$report"
failed=0
dotnet test --project Esddns.Tests --no-build --no-progress --results-directory artifacts \
    --report-xunit-xml --report-xunit-xml-filename "${report##*/}" "$@" 2>&1 |
    tee "$log" | { grep --line-buffered '^failed ' || true; } || failed=1

count() { sed -n "s/^  $1: \([0-9]*\)\$/\1/p" "$log" | tail -n 1; }
passed=$(count succeeded) wrong=$(count failed) skipped=$(count skipped)
[ -n "$passed" ] && [ -s "$report" ] || { tail -n 40 "$log"; echo "The test run did not finish; see $log" >&2; exit 1; }
[ ! -s artifacts/measured.txt ] || { echo "Measured on this machine:"; sed 's/^/  /' artifacts/measured.txt; }
awk -v slowest=artifacts/slowest.txt -f eng/test-report.awk "$report"
[ $failed = 0 ] || echo "The output of the failed tests is in $log"
echo "$passed passed, $wrong failed, $skipped skipped"
exit $failed
