# shellcheck shell=bash
# One node of the cluster; sourced after network.sh and control-plane.sh. A node is a set of namespaces of one first
# process: network (named like the node), pid, mount, uts, ipc. $dir/nodes/NODE is its disk: lib is its /var/lib, log
# its /var/log, tmp its /tmp.

nodes() { ls "$dir/nodes" 2>/dev/null || true; }

# make_node NODE I: creates the network and the disk of a node.
make_node() {
    local disk=$dir/nodes/$1
    make_node_network "$1" "$2"
    mkdir -p "$disk"/{lib/{kubelet,containerd,cni/conf,programs},log,tmp,cgroup}
    chmod 1777 "$disk/tmp"
    make_cert "$pki/ca" "$pki/$1" "/O=system:nodes/CN=system:node:$1"
    write_kubeconfig "$disk/lib/kubelet/kubeconfig" "https://$control_plane:6443" "$1"
    write_kubeconfig "$disk/lib/kubelet/kube-proxy.kubeconfig" "https://$control_plane:6443" kube-proxy
    cp "$pki/ca.crt" "$disk/lib/kubelet/ca.crt"
    echo "nameserver $net.1" >"$disk/resolv.conf"

    # Images cannot be pulled again, so garbage collection is off. A dead node is detected sooner than after 40 s.
    cat >"$disk/lib/kubelet/config.yaml" <<YAML
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication:
  anonymous: {enabled: false}
  webhook: {enabled: true}
  x509: {clientCAFile: /var/lib/kubelet/ca.crt}
authorization: {mode: Webhook}
clusterDNS: [$net.1]
clusterDomain: cluster.local
resolvConf: /etc/resolv.conf
volumePluginDir: /var/lib/kubelet/volume-plugins
cgroupDriver: cgroupfs
cgroupRoot: /$1
enforceNodeAllocatable: []
failSwapOn: false
evictionHard: {memory.available: 10Mi}
imageGCHighThresholdPercent: 100
nodeStatusUpdateFrequency: 4s
nodeLeaseDurationSeconds: 16
YAML

    # If root cannot lower its oom_score_adj, pods start only with restrict_oom_score_adj.
    cat >"$disk/lib/containerd/config.toml" <<TOML
version = 2
disabled_plugins = [
  "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs",
]
[plugins."io.containerd.internal.v1.opt"]
  path = "/var/lib/containerd/opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "$pause_image"
  restrict_oom_score_adj = true
  disable_apparmor = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "/var/lib/cni/conf"
TOML

    cat >"$disk/lib/cni/conf/10-esddns.conflist" <<JSON
{"cniVersion": "0.4.0", "name": "esddns", "plugins": [
  {"type": "bridge", "bridge": "cni0", "isGateway": true, "ipMasq": false, "hairpinMode": true,
   "ipam": {"type": "host-local", "ranges": [[{"subnet": "10.244.$2.0/24"}]], "routes": [{"dst": "0.0.0.0/0"}]}},
  {"type": "portmap", "capabilities": {"portMappings": true}}]}
JSON
}

# enter NODE: sets ${enter[@]}, the command that enters all namespaces of a node. Its first process is the child of the
# recorded process.
enter() {
    local parent first=''
    alive "$1" || die "node $1 is down" "$dir/log/$1.log"
    read -r parent _ <"$dir/pid/$1"
    read -r first _ <"/proc/$parent/task/$parent/children" || true
    [ -n "$first" ] || die "node $1 is not up yet"
    enter=(nsenter --target "$first" --mount --uts --ipc --net --pid --wd=/ --)
}
in_node() { enter "$1"; "${enter[@]}" "${@:2}"; }
spawn_in_node() { enter "$1"; spawn "$1.$2" "${enter[@]}" "${@:3}"; }

# boot_node NODE: starts all processes of a node, with its existing disk.
boot_node() {
    make_cgroups "$1"
    spawn "$1" nsenter --net="/run/netns/$1" -- unshare --mount --uts --ipc --pid --fork --kill-child --mount-proc \
        "$here/node-init" "$dir/nodes/$1" "$1" "$bin"
    wait_for "the first process of $1" "$1" is_first "$1"
    spawn_in_node "$1" containerd containerd --config /var/lib/containerd/config.toml
    wait_for "containerd on $1" "$1.containerd" in_node "$1" timeout 10 ctr version
    load_into "$1" "$cache/pause.tar" >/dev/null
    # No cloud provides credentials, and kubelet would wait for them for seconds.
    spawn_in_node "$1" kubelet env AWS_EC2_METADATA_DISABLED=true /var/lib/programs/kubelet \
        --config=/var/lib/kubelet/config.yaml --kubeconfig=/var/lib/kubelet/kubeconfig --cert-dir=/var/lib/kubelet/pki \
        --hostname-override="$1" --container-runtime=remote \
        --container-runtime-endpoint=unix:///run/containerd/containerd.sock
    # The machine sets the limits of connection tracking.
    spawn_in_node "$1" kube-proxy /var/lib/programs/kube-proxy --kubeconfig=/var/lib/kubelet/kube-proxy.kubeconfig \
        --hostname-override="$1" --proxy-mode=iptables --cluster-cidr=10.244.0.0/16 --conntrack-max-per-core=0 \
        --conntrack-min=0 --conntrack-tcp-timeout-established=0 --conntrack-tcp-timeout-close-wait=0
}
is_first() { [ "$(in_node "$1" cat /proc/1/comm)" = pause ]; }
ready_status() { kubectl_ get node "$1" -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}'; }
is_node_ready() { [ "$(ready_status "$1")" = True ]; }
has_service_rules() { [[ $(nsenter --net="/run/netns/$1" -- iptables-save -t nat) == *10.96.0.1/32* ]]; }

# kill_node NODE: simulates a power failure.
kill_node() {
    end_all_in "$1" && rm -f "$dir/pid/$1" "$dir/pid/$1".* && remove_cgroups "$1"
}

# load_into NODE ARCHIVE: loads the images of an archive and prints their names.
load_into() {
    local log=$dir/log/$1.load.log
    in_node "$1" timeout 300 ctr -n k8s.io images import - <"$2" >"$log" 2>&1 || die "$2 is not an image archive" "$log"
    sed -n 's/^unpacking \([^ ]*\).*/\1/p' "$log" | sort -u
}

# In every hierarchy of cgroup v1, the containers' groups are below one group of the node, which kubelet requires. A new
# cpuset accepts no process before it has processors.
make_cgroups() {
    local group file
    for group in /sys/fs/cgroup/*/; do
        [ -e "$group/cgroup.procs" ] || continue
        mkdir -p "$group/$1"
        for file in cpuset.cpus cpuset.mems; do [ ! -e "$group/$file" ] || cat "$group/$file" >"$group/$1/$file"; done
    done
}
remove_cgroups() {
    local i
    for ((i = 0; i < 50; i++)); do
        find /sys/fs/cgroup/*/"$1" -depth -type d -exec rmdir {} + 2>/dev/null || true
        compgen -G "/sys/fs/cgroup/*/$1" >/dev/null || return 0
        sleep 0.1
    done
    log "the control groups of $1 are still in use"
}
