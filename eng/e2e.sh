#!/usr/bin/env bash
# Runs the deployment guide (docs/kubernetes.md) and failure cases on a real cluster. The cluster has two nodes in
# network namespaces of this machine, with the simulator as the internet. Needs root and Debian packages. Prints each
# step with its time, and "N passed, N failed" at the end.
#
# The cluster runs Kubernetes 1.20. eng/e2e/without-cel and eng/e2e/without-policy-v1 remove the features that it lacks.
set -uo pipefail
cd "$(dirname "$0")/.."
. eng/e2e/lib.sh

readonly dir=$PWD/artifacts/cluster work=$(mktemp -d) internet=10.99.0.100 system=esddns-system
readonly log=$PWD/artifacts/e2e.log
export KUBECONFIG=$dir/kubeconfig API_KEY=simulator-token
mkdir -p artifacts
: >"$log"

end() {
    stop_names
    [ -z "${simulator:-}" ] || kill "$simulator" 2>/dev/null
    eng/kubernetes/cluster down "$dir" >>"$log" 2>&1
    rm -rf "$work"
}
trap end EXIT

start_internet() {
    eng/kubernetes/cluster peer "$dir" inet $internet || return 1
    ip netns exec esddns-inet env Simulator__Address=$internet \
        artifacts/simulator/Esddns.Simulator &
    simulator=$!
    until_true 30 command curl -fs -o /dev/null http://$internet:5380/health
}

load_images() {
    local image node tag=localhost/esddns-operator
    for image in operator web; do
        eng/kubernetes/cluster load "$dir" artifacts/images/esddns-$image.tar || return 1
    done
    # The same image with another tag, for the update.
    for node in esddns-n1 esddns-n2; do
        eng/kubernetes/cluster node "$dir" $node exec ctr -n k8s.io images tag $tag:0.1.0 $tag:0.1.1 || return 1
    done
}

renders() {
    kubectl kustomize "aspirate-output/$1" >/dev/null 2>"$work/warnings" &&
        command kubectl kustomize "aspirate-output/$1" >/dev/null 2>>"$work/warnings" &&
        [ ! -s "$work/warnings" ] || { cat "$work/warnings"; return 1; }
}

ready_by_node() {
    kubectl -n $system get pods -l app=esddns-operator \
        -o jsonpath='{range .items[*]}{.spec.nodeName} {.status.containerStatuses[0].ready}{"\n"}{end}' | sort
}
is_ready_on_both() { [ "$(ready_by_node)" = $'esddns-n1 true\nesddns-n2 true' ]; }
leader() { kubectl -n $system get lease esddns-operator -o jsonpath='{.spec.holderIdentity}'; }
leader_node() { local holder; holder=$(leader) && echo "${holder##*_}"; }
other_node_leads() { local now; now=$(leader_node) && [ -n "$now" ] && [ "$now" != "$1" ]; }
condition() {
    local it=".status.conditions[?(@.type==\"$1\")]"
    kubectl -n default get ddr vpn -o jsonpath="{$it.status} {$it.reason}"
}
condition_is() { [ "$(condition "$1")" = "$2" ]; }
has_event() {
    kubectl -n default get events --field-selector involvedObject.name=vpn \
        -o jsonpath='{range .items[*]}{.type} {.reason}: {.message}{"\n"}{end}' | grep "$1"
}
counts_failure() {
    for n in 1 2; do command curl -s "http://10.99.0.1$n:8080/metrics"; done |
        grep 'esddns_dns_update_failures_total{.*error_type="unauthorized"'
}
node_is() { [ "$(kubectl get node "$1" -o jsonpath='{.status.conditions[?(@.type=="Ready")].status}')" = "$2" ]; }

# The address keeps changing during the rolling update. Each change must reach the record.
update_with_changes() {
    local changes result
    touch "$work/updating"
    (for ((i = 101; i < 200; i++)); do [ ! -e "$work/updating" ] || change 203.0.113.$i || exit 1; done) &
    changes=$!
    guide "Update and roll back"
    result=$?
    rm "$work/updating"
    wait $changes && return $result
}

leader_killed() {
    killed=$(leader_node)
    echo "the leader is on $killed"
    eng/kubernetes/cluster node "$dir" "$killed" kill && until_true 60 other_node_leads "$killed" &&
        change 203.0.113.40
}

# Waits until the API server marks the node as Unknown, then boots it again.
node_returns() {
    until_true 60 node_is "$killed" Unknown && eng/kubernetes/cluster node "$dir" "$killed" boot &&
        until_true 120 node_is "$killed" True && until_true 120 is_ready_on_both
}

secret() {
    kubectl -n $system create secret generic esddns-gandi-credentials --from-literal=api-key="$1" \
        --dry-run=client -o yaml | kubectl apply -f -
}

revoked_token() {
    secret revoked-token && until_true 60 condition_is Programmed "False Unauthorized" &&
        until_true 30 has_event "Warning RecordFailed" && until_true 30 counts_failure
}

good_token() {
    local pods
    pods=$(kubectl -n $system get pods -l app=esddns-operator -o name)
    guide "Change the token" && until_true 60 condition_is Programmed "True InSync" && change 203.0.113.60 &&
        [ "$(kubectl -n $system get pods -l app=esddns-operator -o name)" = "$pods" ]
}

# Only the leader watches the objects of the cluster. A pod that stops still holds the Lease for a moment.
is_in_log_of_leader() {
    local holder
    holder=$(leader) && kubectl -n $system logs "${holder%_*}" | grep "$1"
}
pods() {
    kubectl -n $system get pods -l app=esddns-operator \
        -o jsonpath='{range .items[*]}{.metadata.name} {.status.containerStatuses[0].restartCount}{"\n"}{end}'
}

denied() {
    kubectl delete clusterrolebinding esddns-operator:$system &&
        kubectl -n $system delete pods -l app=esddns-operator &&
        until_true 120 is_in_log_of_leader 'Cannot watch Nodes.*cannot list resource "nodes"'
}

allowed_again() {
    local before
    before=$(pods) && kubectl apply -k aspirate-output/overlays/production &&
        until_true 120 is_in_log_of_leader "Watching Nodes again" && change 203.0.113.70 && [ "$(pods)" = "$before" ]
}

# The web service resolves the operator by name and shows the current state.
raw_is() {
    curl http://198.51.100.80/raw |
        grep "\"usable\":true,\"IP\":\"$1\".*\"rrset_values\":\[\"$1\"\].*\"stale\":false"
}
load_balancer() {
    kubectl -n $system patch service esddns-service --subresource=status --type=merge \
        -p '{"status":{"loadBalancer":{"ingress":[{"ip":"198.51.100.80"}]}}}' &&
        guide "Entry point" && until_true 15 raw_is 203.0.113.20
}

# Each node runs a pod of production on port 8080 and one of development on port 18080.
both_run() {
    local node port
    for node in 10.99.0.11 10.99.0.12; do
        for port in 8080 18080; do
            until_true 60 curl -f -o /dev/null http://$node:$port/health || return 1
        done
    done
    kubectl get pods --all-namespaces -l app.kubernetes.io/component=operator -o wide
}

# The operator of development writes its own record, and its web service resolves it by name.
development_answers() {
    until_true 60 record_is 203.0.113.70 home.example.dev && serve_names && until_true 30 eval 'kubectl get --raw \
        /api/v1/namespaces/esddns-dev/services/esddns-service:http/proxy/raw | grep "\"IP\":\"203.0.113.70\""'
}

production_stays() {
    until_true 120 eval '! kubectl get namespace esddns-dev 2>/dev/null' &&
        kubectl -n default get ddr vpn && kubectl get priorityclass esddns &&
        kubectl get clusterrole "esddns-operator:$system" esddns-view esddns-edit esddns-credentials-reader &&
        ! kubectl get clusterrole esddns-operator:esddns-dev 2>/dev/null && change 203.0.113.80
}

nothing_left() {
    local kinds=all,configmaps,leases,networkpolicies,resourcequotas
    kubectl get --raw /readyz && [ -z "$(kubectl get $kinds -n $system -o name 2>/dev/null)" ] &&
        ! kubectl get namespace $system 2>/dev/null && ! kubectl get crd dynamicrecords.esddns.io 2>/dev/null &&
        [ -z "$(kubectl get clusterroles,clusterrolebindings,priorityclasses -o name | grep esddns)" ]
}

# The overlay with the host's network, the one without it and with source ranges, and the example of an Ingress.
dry_run() {
    kubectl apply --dry-run=server -k aspirate-output/overlays/production &&
        kubectl apply --dry-run=server -k eng/e2e/without-host-network &&
        kubectl apply --dry-run=server -f aspirate-output/examples/ingress.yaml
}
nothing_left_here() { ! ip netns list | grep esddns && ! ip link show | grep esddns; }

if ! command kubectl kustomize eng/e2e/production >/dev/null; then
    found=$(command kubectl version --client 2>&1 | head -n 1)
    echo "kubectl 1.21 or newer is required to render the overlays; found $found." >&2
    exit 1
fi
step "programs of a cluster (built once)" eng/kubernetes/build-nodes
step "guide, Images" guide Images
sed -n 's/^localhost/                   &/p' "$log"
step "simulator" dotnet publish Esddns.Simulator -c Release -r linux-x64 --nologo -v quiet \
    --artifacts-path artifacts/publish -o artifacts/simulator
step "published programs on loopback" eng/smoke.sh
sed -n 's/ resident, .*/&/p' "$log"
step "cluster of two nodes" eng/kubernetes/cluster up "$dir" 2
[ $failed = 0 ] || { echo "$passed passed, $failed failed"; exit 1; }
step "simulated internet, and the images on the nodes" eval 'start_internet && load_images'
for folder in cluster overlays/production overlays/development; do
    step "$folder: renders without a warning" renders $folder
done
step "guide, CRD and shared roles" guide "CRD and shared roles"
step "guide, Install" guide Install
step "server-side dry run of the overlay, with and without the host's network" dry_run
step "names of the Services" serve_names
step "pods are ready on both nodes" until_true 60 is_ready_on_both
step "the first record" until_true 60 record_is 203.0.113.10
step "guide, Verify" guide Verify
step "changed address: the record follows" change 203.0.113.20
step "guide, Entry point, with a load-balancer address as from a cloud" load_balancer
step "the API server has published the new kind's schema" until_true 60 kubectl explain ddr.spec
step "guide, Records as objects" guide "Records as objects"
step "the annotated Service has its record" until_true 30 record_is 198.51.100.80 status.example.com
step "guide, Change the configuration" guide "Change the configuration"
step "the renamed record is written, the old one stays" \
    eval 'until_true 30 record_is 203.0.113.20 office.example.com && record_is 203.0.113.20'
step "leader's node killed: the other node takes over and writes the next change" leader_killed
step "the node returns" node_returns
step "guide, Update and roll back, while the address changes" update_with_changes
step "guide, Troubleshooting" guide Troubleshooting in_words
step "revoked token: condition, Event and metric report it" revoked_token
step "guide, Change the token: recovers without a restart" good_token
step "role removed: one clear log line" denied
step "role restored: recovers without a restart" allowed_again
step "guide, Development overlay, beside production" guide "Development overlay"
step "both installations run on both nodes" both_run
step "development has its own record and page" development_answers
step "guide, Remove the development overlay" guide "Remove the development overlay"
step "production keeps its CRD, roles, objects and record" production_stays
step "guide, Clean up" guide "Clean up"
step "nothing is left in the cluster" until_true 120 nothing_left
. eng/e2e/chart.sh
end
step "nothing is left of the cluster on this machine" nothing_left_here

echo "$passed passed, $failed failed"
[ $failed = 0 ]
