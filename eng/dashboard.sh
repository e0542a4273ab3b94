#!/usr/bin/env bash
# Runs every query of the dashboard at a Prometheus that scrapes the programs, and checks that each returns data without
# an error. eng/alerts.sh calls it after its faults, and eng/cluster-alerts.sh for the queries that need a cluster.
#   eng/dashboard.sh URL SINCE [cluster]    SINCE: the start of the shown time, in seconds since 1970
set -uo pipefail
cd "$(dirname "$0")/.."
readonly url=$1 since=$2 only=${3:-} dashboard=aspirate-output/monitoring/dashboard.json
readonly now=$(date +%s)
# Only a cluster has these.
readonly in_a_cluster='esddns_leader_term|esddns_watch_lost|esddns_node_reports'
passed=0 failed=0 absent=0

# values EXPRESSION: the number of values in the shown time; the error if there is one.
values() {
    curl -s "$url/api/v1/query_range" --data-urlencode "query=$1" -d "start=$since&end=$now&step=2" |
        jq -r 'if .status == "success" then [.data.result[].values | length] | add // 0 else .error end'
}

while IFS=$'\t' read -r panel expression; do
    [ -z "$only" ] || [[ $expression =~ $in_a_cluster ]] || continue
    expression=${expression//'$namespace'/.*}
    expression=${expression//'$domain'/.*}
    expression=${expression//'$__rate_interval'/30s}
    expression=${expression//'$__range'/$((now - since))s}
    found=$(values "$expression")
    if [[ $found =~ ^[1-9][0-9]*$ ]]; then
        passed=$((passed + 1))
    elif [ -z "$only" ] && [ "$found" = 0 ] && [[ $expression =~ $in_a_cluster ]]; then
        absent=$((absent + 1))
    else
        failed=$((failed + 1))
        echo "NOT OK  $panel: $expression: ${found/#0/no data}"
    fi
done < <(jq -r '.panels[] | .title as $title | .targets[]? | [$title, .expr] | @tsv' "$dashboard")
echo "Dashboard: $passed queries return data, $absent are for a cluster, $failed failed"
[ $failed = 0 ] && [ $passed -ge $([ -n "$only" ] && echo 3 || echo 33) ]
