#!/usr/bin/env bash
# eng/format.sh [--check]: formats the C# sources with CSharpier. With --check it only reports what is not formatted,
# and the lines of more than 120 characters that no formatter can break.
set -euo pipefail
cd "$(dirname "$0")/.."

case "${1:-}" in
"") command=format ;;
--check) command=check ;;
*) echo "usage: $0 [--check]" >&2; exit 2 ;;
esac
# "tool exec" takes the version from the manifest, and not the other tools, one of which this feed may lack.
dotnet tool exec csharpier --yes -- $command .

long=$(git ls-files '*.cs' | xargs awk 'length > 120 { print FILENAME ":" FNR ": longer than 120 characters" }')
[ -z "$long" ] || { echo "$long" >&2; exit 1; }
