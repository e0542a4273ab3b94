# shellcheck shell=bash
# The cluster's network; sourced after lib.sh. The bridge is in a separate namespace, so the machine's firewall does not
# apply and one deletion removes everything. The network has no route to the outside: packets get "unreachable" at once.
#
#   10.99.0.1    this machine, the DNS server of nodes and pods          10.99.0.254   the bridge, the default gateway
#   10.99.0.10   control plane                                           10.244.I.0/24 pods of node I
#   10.99.0.1I   node I                                                  10.96.0.0/16  services
net=10.99.0
control_plane=$net.10
machine_link=esddns-host

# attach NAMESPACE ADDRESS: creates a namespace with one link, eth0, to the bridge.
attach() {
    ip netns add "$1"
    ip -n esddns-net link add "v-${1#esddns-}" type veth peer name eth0 netns "$1"
    ip -n esddns-net link set "v-${1#esddns-}" master br0 up
    ip -n "$1" link set lo up
    ip -n "$1" link set eth0 up
    ip -n "$1" address add "$2/24" dev eth0
    ip -n "$1" route add default via $net.254
}

# sysctl_in NAMESPACE KEY=VALUE...: sets the existing keys.
sysctl_in() { nsenter --net="/run/netns/$1" -- sysctl -q -e -w "${@:2}"; }

make_network() {
    ip netns add esddns-net
    ip -n esddns-net link set lo up
    ip -n esddns-net link add br0 type bridge stp_state 0 forward_delay 0
    ip -n esddns-net address add $net.254/24 dev br0
    ip -n esddns-net link set br0 up
    sysctl_in esddns-net net.ipv4.ip_forward=1 net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.br0.send_redirects=0 \
        net.bridge.bridge-nf-call-iptables=0 net.bridge.bridge-nf-call-ip6tables=0
    ip -n esddns-net link add v-host type veth peer name $machine_link netns $$
    ip -n esddns-net link set v-host master br0 up
    ip link set $machine_link up
    ip address add $net.1/24 dev $machine_link
    attach esddns-cp $control_plane
}

# make_node_network NODE I, make_routes NODES: route the pods of all nodes. Outside of the pod networks, pods have their
# node's address.
make_node_network() {
    attach "$1" "$net.1$2"
    sysctl_in "$1" net.ipv4.ip_forward=1 net.bridge.bridge-nf-call-iptables=1
    nsenter --net="/run/netns/$1" -- iptables -w 10 -t nat -A POSTROUTING \
        -s 10.244.0.0/16 ! -d 10.244.0.0/16 -j MASQUERADE
}
make_routes() {
    local i j
    for ((i = 1; i <= $1; i++)); do
        ip -n esddns-cp route add "10.244.$i.0/24" via "$net.1$i"
        for ((j = 1; j <= $1; j++)); do
            [ $i = $j ] || ip -n "esddns-n$j" route add "10.244.$i.0/24" via "$net.1$i"
        done
    done
}

namespaces() {
    local file
    for file in /run/netns/esddns-*; do [ ! -e "$file" ] || basename "$file"; done
}

# end_all_in NAMESPACE: ends every process of a namespace. The end of a node's first process ends its containers.
end_all_in() {
    local i pids
    for ((i = 0; i < 100; i++)); do
        pids=$(ip netns pids "$1" 2>/dev/null || true)
        [ -n "$pids" ] || return 0
        # shellcheck disable=SC2086 # several
        kill -KILL $pids 2>/dev/null || true
        sleep 0.1
    done
    log "these processes in $1 do not end: ${pids//$'\n'/ }"
    return 1
}

remove_network() {
    local name
    ! ip link show $machine_link >/dev/null 2>&1 || ip link delete $machine_link
    for name in $(namespaces); do ip netns delete "$name"; done
}
