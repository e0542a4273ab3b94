# shellcheck shell=bash
# Certificates, etcd and the API server, for apiserver and cluster; sourced after lib.sh. $dir is the folder of all
# files. ${inside[@]} is the prefix of each command: empty, or a command that enters a network namespace.
pki=$dir/pki
inside=()

# make_ca FILE NAME, make_cert CA FILE SUBJECT [SUBJECT-ALTERNATIVE-NAMES]: FILE.crt and FILE.key.
make_ca() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$1.key" -out "$1.crt" \
        -days 30 -subj "/CN=$2" -addext basicConstraints=critical,CA:TRUE \
        -addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null
}
make_cert() {
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$2.key" -subj "$3" 2>/dev/null |
        openssl x509 -req -CA "$1.crt" -CAkey "$1.key" -CAcreateserial -days 30 -out "$2.crt" -extfile <(
            echo basicConstraints=CA:FALSE
            echo keyUsage=critical,digitalSignature,keyEncipherment
            echo extendedKeyUsage=serverAuth,clientAuth
            [ -z "${4:-}" ] || echo "subjectAltName=$4"
        ) 2>/dev/null
}

# make_pki ADDRESS: creates the certificates of an API server. etcd has a separate CA, so it rejects certificates of the
# API.
make_pki() {
    mkdir -p "$pki"
    chmod 700 "$pki"
    make_ca "$pki/ca" esddns-test
    make_ca "$pki/etcd-ca" esddns-test-etcd
    make_cert "$pki/etcd-ca" "$pki/etcd" /CN=etcd IP:127.0.0.1
    make_cert "$pki/etcd-ca" "$pki/etcd-client" /CN=kube-apiserver
    make_cert "$pki/ca" "$pki/apiserver" /CN=kube-apiserver \
        "IP:$1,IP:10.96.0.1,DNS:localhost,DNS:kubernetes.default.svc"
    make_cert "$pki/ca" "$pki/admin" /O=system:masters/CN=esddns-test-admin
    openssl genrsa -out "$pki/accounts.key" 2048 2>/dev/null
    openssl rsa -in "$pki/accounts.key" -pubout -out "$pki/accounts.pub" 2>/dev/null
}

# write_kubeconfig FILE SERVER CERTIFICATE: writes a kubeconfig with embedded certificates, so it can be copied.
write_kubeconfig() {
    cat >"$1" <<YAML
apiVersion: v1
kind: Config
clusters:
- name: test
  cluster:
    server: $2
    certificate-authority-data: $(base64 -w0 <"$pki/ca.crt")
users:
- name: $3
  user:
    client-certificate-data: $(base64 -w0 <"$pki/$3.crt")
    client-key-data: $(base64 -w0 <"$pki/$3.key")
contexts:
- name: test
  context: {cluster: test, user: $3}
current-context: test
YAML
}

kubectl_() { "$assets/kubectl" --kubeconfig "$dir/kubeconfig" --cache-dir "$dir/kubectl" --request-timeout=5s "$@"; }

# start_etcd PORT PEER-PORT
start_etcd() {
    spawn etcd "${inside[@]}" "$assets/etcd" --name=test --data-dir="$dir/etcd" --logger=zap \
        --listen-client-urls="https://127.0.0.1:$1" --advertise-client-urls="https://127.0.0.1:$1" \
        --listen-peer-urls="http://127.0.0.1:$2" --initial-advertise-peer-urls="http://127.0.0.1:$2" \
        --initial-cluster="test=http://127.0.0.1:$2" --cert-file="$pki/etcd.crt" --key-file="$pki/etcd.key" \
        --client-cert-auth --trusted-ca-file="$pki/etcd-ca.crt"
}

# start_apiserver ETCD-PORT ADDRESS PORT ARGUMENT...
start_apiserver() {
    local old=()
    # Before 1.24, the server opens a port without TLS by default.
    case $("$assets/kube-apiserver" --version) in *v1.1?.* | *v1.2[0-3].*) old=(--insecure-port=0) ;; esac
    spawn kube-apiserver "${inside[@]}" "$assets/kube-apiserver" "${old[@]}" \
        --bind-address="$2" --advertise-address="$2" --secure-port="$3" \
        --etcd-servers="https://127.0.0.1:$1" --etcd-cafile="$pki/etcd-ca.crt" \
        --etcd-certfile="$pki/etcd-client.crt" --etcd-keyfile="$pki/etcd-client.key" --cert-dir="$pki" \
        --tls-cert-file="$pki/apiserver.crt" --tls-private-key-file="$pki/apiserver.key" \
        --client-ca-file="$pki/ca.crt" --service-account-issuer=https://kubernetes.default.svc \
        --service-account-key-file="$pki/accounts.pub" --service-account-signing-key-file="$pki/accounts.key" \
        --service-cluster-ip-range=10.96.0.0/16 --profiling=false "${@:4}"
    wait_for "the API server" "etcd kube-apiserver" is_ready
}
is_ready() { [ "$(kubectl_ get --raw /readyz)" = ok ]; }
