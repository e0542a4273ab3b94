#!/usr/bin/env bash
# eng/mutants.sh FOLDER...: runs mutation tests of a folder of the operator, or of PROJECT/FOLDER. Prints the score, and
# lists the surviving mutants in artifacts/mutants (docs/development.md). Takes minutes to hours, and works on a copy of
# the checkout.
set -euo pipefail
cd "$(dirname "$0")/.."

# The tests of each folder: only fast ones, without a cluster. Spaces and line ends between the patterns are removed.
declare -A tests=(
    [Agreement]='Agreement/**/*Tests.cs'
    [Configuration]='Configuration/**/*Tests.cs'
    [Discovery]='Discovery/**/*Tests.cs;Dns/DnsWireTests.cs;Reconcile/IPv6Tests.cs'
    [Dns]='Dns/**/*Tests.cs;Configuration/**/*Tests.cs;Conformance/*Tests.cs;Conformance/*Tests.*.cs;
        Reconcile/PropagationTests.cs;Reconcile/ContradictionTests.cs;Reconcile/DriftDetectionTests.cs;
        Reconcile/PropagationRuleTests.cs'
    [Esddns.ServiceDefaults/Configuration]='Configuration/**/*Tests.cs;Architecture/DocumentedSettingsTests.cs;
        Web/Access/AccessSettingsTests.cs'
    [Notifications]='Notifications/ChannelTests.cs;Notifications/DeadManTests.cs;Notifications/EventFinderTests.cs;
        Notifications/MailTests.cs;Notifications/NotificationSettingsTests.cs;Notifications/Notifier*Tests*.cs;
        Notifications/StoreFailureTests.cs'
    [Reconcile]='Reconcile/**/*Tests.cs;EndToEnd/RoundTests.cs;EndToEnd/RecordRoundTests.cs;
        EndToEnd/UnconfirmedRoundTests.cs;EndToEnd/OwnershipTests.cs;EndToEnd/DriftTests.cs;EndToEnd/StatusTests.cs;
        EndToEnd/ProviderCallsTests.cs;EndToEnd/LoggedOnceTests.cs;EndToEnd/ObserverTests.cs'
    [State]='State/**/*Tests.cs'
)
usage() { echo "Usage: eng/mutants.sh FOLDER..., of: $(printf '%s\n' "${!tests[@]}" | sort | xargs)" >&2; exit 2; }
[ $# -gt 0 ] || usage
for folder in "$@"; do [ -n "${tests[$folder]:-}" ] || usage; done

out=$PWD/artifacts/mutants
mkdir -p "$out"
tree=$(mktemp -d "$out/tree.XXXXXX")
trap 'rm -rf "$tree"' EXIT
# The build output contains the mutants, so it must not replace the output of the checkout.
git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$tree" 2>"$tree.log" ||
    grep -q 'No such file' "$tree.log" || { cat "$tree.log" >&2; exit 1; }
rm "$tree.log"
cd "$tree"
# "tool exec" uses the version in the manifest and restores only this tool; the feed may lack the others.
stryker=(dotnet tool exec dotnet-stryker --yes --)
"${stryker[@]}" --help >/dev/null

for folder in "$@"; do
    path=Esddns.Operator/$folder name=${folder//\//.}
    [[ $folder != */* ]] || path=$folder
    log=$out/$name.log
    # Stryker's runner for Microsoft.Testing.Platform supports no test filter, so the other tests are not compiled.
    (cd Esddns.Tests && EsddnsTests=${tests[$folder]//[[:space:]]/} "${stryker[@]}" --config-file ../eng/mutants.json \
        --project "${path%%/*}.csproj" --mutate "${path#*/}/**/*.cs" --output "$out/$name" --skip-version-check) \
        >"$log" 2>&1 || { tail -n 20 "$log" >&2; exit 1; }
    dotnet run --file eng/mutants.cs -- "$out/$name/reports/mutation-report.json" "$path" "$out/$name.txt"
done
