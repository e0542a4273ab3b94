#!/usr/bin/env bash
# Provokes the alerts that need a cluster. Starts a real etcd and API server, the simulator, two operators that compete
# for the Lease, and a real Prometheus, all on loopback; the operators have the roles of the manifests. Then runs the
# queries of the dashboard that need a cluster. Prints a table, and ends by itself after two to three minutes. Uses the
# programs of the last build.
#
# eng/alerts.sh provokes the other alerts, and describes the rules.
set -uo pipefail
cd "$(dirname "$0")/.."
readonly ports=171
. eng/monitoring/provoke.sh
readonly namespace=esddns-system components=aspirate-output/components/rbac
declare -A addresses=([a]=127.0.0.1:${ports}81 [b]=127.0.0.1:${ports}82)
trap 'end; eng/kubernetes/apiserver down "$server"' EXIT

assets=$(eng/kubernetes/build | tail -n 1) || exit 1
readonly assets server=$work.api
. eng/kubernetes/client.sh

# apply_roles: the bindings of the manifests have no namespace, because the overlays set it.
apply_roles() {
    sed -s -e '/^- kind: ServiceAccount$/a\  namespace: '$namespace -e '$a---' \
        $components/{serviceaccounts,clusterrole,role}.yaml |
        kubectl apply -f - >>"$work/kubectl.log" 2>&1
}

# change_role FILTER: changes the role of the namespace; apply_roles restores it.
change_role() {
    kubectl get role esddns-operator -o json | jq "$1" | kubectl replace -f - >>"$work/kubectl.log" 2>&1 ||
        fail "the role cannot be changed"
}

start_operator() {
    start "$1" env "Esddns__Kubernetes__PodName=$1" "Esddns__Kubernetes__NodeName=node-$1" \
        dotnet Esddns.Operator/bin/Debug/net10.0/Esddns.Operator.dll --urls "http://${addresses[$1]}"
    until_true 60 answers "http://${addresses[$1]}/alive" || fail "the operator $1 does not start"
}

shows() { curl -fs "http://${addresses[$1]}/metrics" | grep -qx "$2"; }
leads() { shows "$1" 'esddns_leader{} 1'; }
find_leader() {
    for leader in a b; do leads $leader && return; done
    return 1
}
other() { [ "$1" = a ] && echo b || echo a; }
all_report() { find_leader && shows "$leader" 'esddns_node_reports{state="current"} 2'; }

kill_leader() {
    until_true 60 find_leader || fail "nobody leads"
    kill -KILL "${pids[$leader]}"
    wait "${pids[$leader]}" 2>/dev/null
    until_true 60 leads "$(other "$leader")" || fail "nobody takes over from $leader"
    start_operator "$leader"
}

eng/kubernetes/apiserver up "$server" >/dev/null || { fail "the API server does not start"; exit 1; }
{
    kubectl apply --validate=false -k aspirate-output/cluster &&
        kubectl wait --for=condition=Established --timeout=60s crd/dynamicrecords.esddns.io &&
        kubectl create namespace $namespace
} >>"$work/kubectl.log" 2>&1 && apply_roles && write_config || { fail "the manifests"; exit 1; }
write_rules kubernetes
export Esddns__State__File=none Esddns__Kubernetes__Kubeconfig=$work/kubeconfig Esddns__Kubernetes__Namespace=$namespace
export Esddns__Kubernetes__LeaseDuration=5 Esddns__Kubernetes__RenewDeadline=3.5 Esddns__Kubernetes__RetryPeriod=0.5
export Esddns__Kubernetes__Heartbeat=10

readonly scenario_began=$(date +%s)
start_simulator
start_operator a
start_operator b
start_prometheus <<JOBS
- job_name: esddns-operator
  static_configs:
  - { targets: ["${addresses[a]}"], labels: { namespace: $namespace, pod: a } }
  - { targets: ["${addresses[b]}"], labels: { namespace: $namespace, pod: b } }
JOBS
until_true 60 has_address 10 || fail "there is no first record"
until_true 60 all_report || fail "the nodes do not report"
sleep 10
[ -z "$(alerts)" ] || fail "without a fault: $(alerts | tr '\n' ' ')"
echo "no fault: no alert in 10 s"

# 1. The leader is killed until the alert fires. More than three times only when a leader took long.
begins
for ((kills = 0; kills < 8; kills++)); do
    ! fires EsddnsLeaderChanges || break
    kill_leader
    [ $kills -lt 2 ] || until_true 5 fires EsddnsLeaderChanges
done
fire EsddnsLeaderChanges
killed_at=$EPOCHREALTIME

# 2. The operator that does not lead is stopped: its report expires after three heartbeats.
until_true 60 all_report || fail "the nodes do not report"
follower=$(other "$leader")
begins
stop "$follower"
fire EsddnsNodeNotReporting

# 3. It may not watch the published state when it returns.
change_role '.rules |= map(if .resourceNames == ["esddns-wan-ip"] then .verbs -= ["list", "watch"] else . end)'
begins
start_operator "$follower"
ends
resolve "one of two operators was stopped" EsddnsNodeNotReporting
fire EsddnsWatchLost
apply_roles
ends
resolve "a restarted operator could not watch the published state" EsddnsWatchLost
end_at=$killed_at
resolve "the leader was killed $kills times" EsddnsLeaderChanges

# 4. Nobody may renew the Lease.
change_role '.rules |= map(select(.resources != ["leases"]))'
begins
fire EsddnsNoLeader
apply_roles
ends
resolve "the rule on Leases was removed" EsddnsNoLeader

print_table
for name in $in_a_cluster; do [[ $table == *"\`$name\`"* ]] || fail "$name was not provoked"; done
eng/dashboard.sh "http://$prometheus" "$scenario_began" cluster || failed=$((failed + 1))
print_result "$scenario_began"
