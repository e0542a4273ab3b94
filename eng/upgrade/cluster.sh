# shellcheck shell=bash
# A cluster: a real API server without nodes, with the manifests of both versions. Sourced by eng/upgrade.sh.
#
# Kubernetes 1.20 lacks what eng/e2e/without-cel and eng/e2e/without-policy-v1 remove.
readonly namespace=esddns-system server=$work.api objects=eng/upgrade/objects.yaml
assets=$(eng/kubernetes/build | tail -n 1) || exit 1
. eng/kubernetes/client.sh
trap 'end; eng/kubernetes/apiserver down "$server"' EXIT

declare -A address=([old]=$operator [new]=$other_operator)

# apply VERSION: its manifests over those of the other one, as its guide describes.
apply() {
    local folder
    for folder in cluster production; do
        [ ! -e "${root[$1]}/eng/e2e/$folder" ] || kubectl apply -k "${root[$1]}/eng/e2e/$folder" || return 1
    done >>"$work/kubectl.log" 2>&1
    kubectl wait --for=condition=Established --timeout=60s crd/dynamicrecords.esddns.io >>"$work/kubectl.log" 2>&1
}

start_pod() { Esddns__Kubernetes__PodName=pod-$1 Esddns__Kubernetes__NodeName=node-$1 run "$1" "${address[$1]}"; }
has_changes() {
    curl -fs "http://$1/status" | jq -e --argjson count "$changes" '.history | length == $count' >/dev/null
}
leads() { [[ $(kubectl get lease esddns-operator -o jsonpath='{.spec.holderIdentity}') == "pod-$1"* ]]; }
all_hold() {
    local name
    for name in "${names[@]}"; do holds "$name" "203.0.113.$1" || return 1; done
}
is_gone() { ! kubectl -n default get ddr "$1" >"$work/gone.log" 2>&1; }

# shows ADDRESS: the status of the objects, and the shared state.
shows() {
    kubectl -n default get ddr -o json | jq -e --arg address "203.0.113.$1" '
        [.items[].status | .addresses == [$address]
            and ([.conditions[] | select(.type == "Programmed")] | length == 1 and .[0].status == "True")] | all' \
        >/dev/null &&
        [ "$(kubectl get configmap esddns-wan-ip -o jsonpath='{.data.current_ip}')" = "203.0.113.$1" ]
}

# create_object NAME: a record that is cleaned up.
create_object() {
    sed "s/NAME/$1/" $objects | kubectl -n default apply -f - >>"$work/kubectl.log" 2>&1
    names+=("$1")
    until_true 30 eval "kubectl -n default get ddr $1 -o jsonpath='{.metadata.finalizers}' | grep -q cleanup"
}

# delete_object NAME
delete_object() {
    local name kept=()
    for name in "${names[@]}"; do [ "$name" = "$1" ] || kept+=("$name"); done
    names=("${kept[@]}")
    kubectl -n default delete --wait=false ddr "$1" >>"$work/kubectl.log" && until_true 30 is_gone "$1" && holds "$1" ""
}

eng/kubernetes/apiserver up "$server" >/dev/null || { fail "the API server does not start"; exit 1; }
control POST reset
wrote 0 >/dev/null
unset API_KEY TARGET_DOMAIN_FQDN RECORD_NAME_ROOT RECORD_TTL
export Esddns__State__File=none Esddns__Kubernetes__Kubeconfig=$work/kubeconfig Esddns__Kubernetes__Namespace=$namespace
export Esddns__Kubernetes__LeaseDuration=5 Esddns__Kubernetes__RenewDeadline=3.5 Esddns__Kubernetes__RetryPeriod=0.5
export Esddns__Kubernetes__Heartbeat=10
names=(home)

# takes_over VERSION ADDRESS: starts this version beside the other one, which ends then. Nothing changes but the leader.
takes_over() {
    local version=$1 before=$2 other=old
    [ "$version" = new ] || other=new
    start_pod "$version"
    wrote 0 >/dev/null
    stop "$other"
    check "$version: leads after $other" until_true 30 leads "$version"
    check "$version: runs a round" sync "${address[$version]}"
    check "$version: no write" wrote 0
    check "$version: records" all_hold "$before"
    check "$version: status and shared state" until_true 30 shows "$before"
}

# follows VERSION ADDRESS: the address changes.
follows() {
    wan "$2"
    check "$1: the records follow" until_true 30 all_hold "$2"
    check "$1: one write for each record" wrote ${#names[@]}
    check "$1: status and shared state" until_true 30 shows "$2"
    changes=$((changes + ${#names[@]}))
    check "$1: the history has all changes" until_true 10 has_changes "${address[$1]}"
    scrape "$1" "${address[$1]}"
}

check "old: its manifests" apply old
kubectl create secret generic esddns-gandi-credentials --from-literal=api-key=simulator-token >>"$work/kubectl.log"
write_config || fail "no token"
start_pod old
check "old: creates the record of the ConfigMap" until_true 30 all_hold 10
for name in kept deleted-by-new; do check "old: the object $name" create_object $name; done
check "old: the records of objects" until_true 30 all_hold 10
changes=3
wrote 3 >/dev/null
follows old 11

check "new: its manifests over those of old" apply new
check "new: keeps the objects" until_true 10 shows 11
takes_over new 11
follows new 12
check "new: Ready" eval 'kubectl -n default get ddr kept | grep -q True'
check "new: deletes what old created" delete_object deleted-by-new
check "new: the object deleted-by-old" create_object deleted-by-old
check "new: its record" until_true 30 all_hold 12
# The removal and the new record.
changes=$((changes + 2))
wrote 2 >/dev/null

check "old: its manifests over those of new" apply old
follows new 13
takes_over old 13
follows old 14
check "old: deletes what new created" delete_object deleted-by-old
wrote 1 >/dev/null

# Both are stopped while the address changes.
stop old
wan 15
check "new: its manifests again" apply new
# As the changelog describes.
kubectl delete clusterrole,clusterrolebinding esddns-operator >>"$work/kubectl.log" 2>&1
start_pod new
check "new: replaces the addresses that old wrote" until_true 30 all_hold 15
check "new: one write for each record" wrote ${#names[@]}
check "new: status and shared state" until_true 30 shows 15
stop new
