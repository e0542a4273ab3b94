# shellcheck shell=bash
# Access to the API server of eng/kubernetes/apiserver. Sourced by scripts that set assets, server, work and namespace.
kubectl() { "$assets/kubectl" --kubeconfig "$server/kubeconfig" --cache-dir "$work/kubectl" -n "$namespace" "$@"; }

# write_config: a kubeconfig with the rights of the operator's service account.
write_config() {
    local path=/api/v1/namespaces/$namespace/serviceaccounts/esddns-operator/token token
    token=$(echo '{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"expirationSeconds":7200}}' |
        kubectl create --raw "$path" -f - | jq -er .status.token) || return 1
    kubectl config view --raw -o json |
        jq --arg token "$token" '.users[0].user = {token: $token}' >"$work/kubeconfig"
}
