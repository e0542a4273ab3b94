# shellcheck shell=bash
# Installs charts/esddns in place of the overlay, and removes it as Helm does. Sourced by eng/e2e.sh, which defines the
# functions. Helm itself is in no package registry: eng/chart/render renders the chart.
readonly rendered=$work/chart.json simulated=$work/chart-values.json

# The values of this cluster. The simulator's settings are those of the overlays; Kubernetes 1.20 has no policy/v1.
render_chart() {
    local render
    render=$(eng/chart/renderer) || return 1
    "$render" -json <eng/e2e/simulated-internet/operator.yaml |
        jq '{operator: {env: .spec.template.spec.containers[0].env}}' >"$simulated" &&
        "$render" -namespace $system -f "$simulated" -set record.domain=example.com -set record.name=home \
            -set operator.image.repository=localhost/esddns-operator -set web.image.repository=localhost/esddns-web \
            -set credentials.apiKey="$API_KEY" -set web.podDisruptionBudget.enabled=false charts/esddns |
        "$render" -json >"$rendered" && [ -s "$rendered" ]
}

install_chart() {
    render_chart && kubectl create namespace $system && kubectl apply --validate=false -f "$rendered" && serve_names &&
        kubectl -n $system rollout status daemonset/esddns-operator-daemon --timeout=180s &&
        kubectl -n $system rollout status deployment/esddns-service --timeout=180s
}

# The web service answers at the port of the nodes, as in the guide.
chart_page_is() {
    local node port
    port=$(kubectl -n $system get service esddns-service -o jsonpath='{.spec.ports[0].nodePort}') &&
        node=$(kubectl -n $system get pods -l app=esddns-service -o jsonpath='{.items[0].status.hostIP}') &&
        curl "http://$node:$port/raw" | grep "\"rrset_values\":\[\"$1\"\]"
}

# Helm keeps objects with this annotation: those that another installation may use.
kept() { jq -c "select(.metadata.annotations[\"helm.sh/resource-policy\"] $1 \"keep\")" "$rendered"; }
uninstall_chart() {
    kept != | kubectl delete -f - && kept == | kubectl get -f - &&
        kubectl get crd/dynamicrecords.esddns.io priorityclass/esddns clusterrole/esddns-edit &&
        kept == | kubectl delete -f - && kubectl delete namespace $system
}

step "chart: installs in place of the overlay" install_chart
step "chart: the record follows a changed address" change 203.0.113.90
step "chart: the web service shows it" until_true 30 chart_page_is 203.0.113.90
step "chart: is removed, and its shared objects stay" uninstall_chart
step "chart: nothing is left in the cluster" until_true 120 nothing_left
