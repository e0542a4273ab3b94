#!/usr/bin/env bash
# eng/format.sh [--check]: formats the C# sources with CSharpier. With --check it only reports unformatted
# files. Both report lines of more than 120 characters, which the formatter cannot break.
set -euo pipefail
cd "$(dirname "$0")/.."

case "${1:-}" in
"") command=format ;;
--check) command=check ;;
*) echo "usage: $0 [--check]" >&2; exit 2 ;;
esac
# "tool exec" uses the version in the manifest and restores only this tool; the feed may lack the others.
dotnet tool exec csharpier --yes -- $command .

long=$(git ls-files '*.cs' | xargs awk 'length > 120 { print FILENAME ":" FNR ": longer than 120 characters" }')
[ -z "$long" ] || { echo "$long" >&2; exit 1; }
