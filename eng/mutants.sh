#!/usr/bin/env bash
# eng/mutants.sh FOLDER...: changes one thing at a time in a folder of the operator, and sees whether its tests notice. Prints the score,
# and lists what no test noticed in artifacts/mutants/FOLDER.txt (docs/development.md). Takes minutes to hours, on a copy of the checkout.
set -euo pipefail
cd "$(dirname "$0")/.."

# The tests of each folder: quick ones, without a cluster.
declare -A tests=(
    [Agreement]='Agreement/**/*Tests.cs'
    [Configuration]='Configuration/**/*Tests.cs'
    [Discovery]='Discovery/**/*Tests.cs;Dns/DnsWireTests.cs;Reconcile/IPv6Tests.cs'
    [Dns]='Dns/**/*Tests.cs;Configuration/**/*Tests.cs;Conformance/*Tests.cs;Conformance/*Tests.*.cs;Reconcile/PropagationTests.cs;Reconcile/PropagationRuleTests.cs'
    [Reconcile]='Reconcile/**/*Tests.cs;EndToEnd/RoundTests.cs;EndToEnd/OwnershipTests.cs;EndToEnd/DriftTests.cs;EndToEnd/StatusTests.cs;EndToEnd/ProviderCallsTests.cs;EndToEnd/LoggedOnceTests.cs;EndToEnd/ObserverTests.cs'
    [State]='State/**/*Tests.cs'
)
usage() { echo "Usage: eng/mutants.sh FOLDER..., of: $(printf '%s\n' "${!tests[@]}" | sort | xargs)" >&2; exit 2; }
[ $# -gt 0 ] || usage
for folder in "$@"; do [ -n "${tests[$folder]:-}" ] || usage; done

out=$PWD/artifacts/mutants
mkdir -p "$out"
tree=$(mktemp -d "$out/tree.XXXXXX")
trap 'rm -rf "$tree"' EXIT
# The mutants are compiled into the tests' output, which must not be that of the checkout.
git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$tree" 2>"$tree.log" ||
    grep -q 'No such file' "$tree.log" || { cat "$tree.log" >&2; exit 1; }
rm "$tree.log"
cd "$tree"
# "tool exec" takes the version from the manifest, and not the other tools, one of which this feed may lack.
stryker=(dotnet tool exec dotnet-stryker --yes --)
"${stryker[@]}" --help >/dev/null

for folder in "$@"; do
    log=$out/$folder.log
    # The runner of Stryker for Microsoft's test platform takes no filter of tests: the others are not compiled.
    (cd Esddns.Tests && EsddnsTests=${tests[$folder]} "${stryker[@]}" \
        --config-file ../eng/mutants.json --mutate "$folder/**/*.cs" --output "$out/$folder" --skip-version-check) >"$log" 2>&1 ||
        { tail -n 20 "$log" >&2; exit 1; }
    dotnet run --file eng/mutants.cs -- "$out/$folder/reports/mutation-report.json" "$folder" "$out/$folder.txt"
done
