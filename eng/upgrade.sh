#!/usr/bin/env bash
# Runs the program of an earlier commit and this one in turn, up and down, on the same state: a state file, then a real
# API server with the CRD, roles and manifests of both. The address changes in each phase. Uses the programs of the last
# build, and takes about two minutes.
#
# docs/development.md#versions has the promise that this checks.
set -uo pipefail
cd "$(dirname "$0")/.."
# The first commit with all of it: state file, CRD, shared state in a cluster, metrics, manifests, and a guide. It calls
# itself 0.1.0.
readonly baseline=f8d04c571a5198ac07f1ab2bee4d3bdce44eb8b1
readonly ports=172
. eng/monitoring/provoke.sh
. eng/upgrade/lib.sh

if ! git cat-file -e $baseline^{commit} 2>/dev/null && ! git fetch -q --depth 1 origin $baseline 2>/dev/null; then
    echo "Skipped: this clone has no commit $baseline, and cannot fetch it."
    rm -rf "$work"
    exit 0
fi
trap end EXIT
build_baseline || exit 1
. eng/upgrade/one-machine.sh
. eng/upgrade/cluster.sh
. eng/upgrade/names.sh
echo "$checks checks, $failed failed"
[ $failed = 0 ]
