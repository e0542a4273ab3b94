#!/usr/bin/env bash
# Builds the images localhost/esddns-operator:VERSION and localhost/esddns-web:VERSION without registry and container
# engine. Writes artifacts/images/NAME.tar, for `docker load`, `podman load` and eng/kubernetes/cluster, and the SBOM
# NAME.cdx.json.
#   eng/images.sh [--all] [NAME...]
# --all: also for arm64, as NAME-arm64.tar, and both in one OCI archive with an index, NAME.oci.tar.
# An image contains the program as native code (eng/Native.props), and the required libraries and certificates, as the
# package archive of this system (Debian or Ubuntu) has them now, with all licenses in /usr/share/doc. It contains no
# shell and no package manager.
# With a registry, use `dotnet publish PROJECT -t:PublishContainer`.
cd "$(dirname "$0")/.."
. eng/kubernetes/lib.sh
. eng/kubernetes/packages.sh
. eng/native.sh
out=$PWD/artifacts/images
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
archs=(amd64)
if [ "${1:-}" = --all ]; then
    archs=(amd64 arm64)
    shift
fi

want_native "${archs[@]}"
want buildah buildah
want /etc/containers/policy.json golang-github-containers-common
install_wanted "see https://buildah.io for buildah"

buildah_() { quietly "buildah $1" buildah --storage-driver vfs --root "$work/storage" --runroot "$work/run" "$@"; }

# needed FILE: the names of the libraries that a program or library needs.
needed() { readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'; }

# libraries ARCH PROGRAM: the libraries that a program needs, those that they need, and OpenSSL, which .NET loads by
# name. Each is a line: the file, and its path in the image. The loader is one of them.
libraries() {
    local arch=$1 root=$work/$1 triplet=x86_64-linux-gnu names=(libssl.so.3) seen=" " name file
    [ "$arch" = amd64 ] || triplet=aarch64-linux-gnu
    mapfile -t -O 1 names < <(needed "$2")
    while [ ${#names[@]} -gt 0 ]; do
        name=${names[0]}
        names=("${names[@]:1}")
        [[ $seen != *" $name "* ]] || continue
        seen+="$name "
        file=$(find "$root" -path "*/$triplet/$name" | head -n 1)
        [ -n "$file" ] || die "$2 needs $name, which is not there for $arch"
        # The programs contain the path of the loader. The loader finds the libraries in its first search folder.
        case $name in
        ld-linux-x86-64.so.2) echo "$file lib64/$name" ;;
        ld-linux-aarch64.so.1) echo "$file lib/$name" ;;
        *) echo "$file lib/$triplet/$name" ;;
        esac
        mapfile -t -O ${#names[@]} names < <(needed "$file")
    done
}

# add_licenses PROJECT ARCH: the licenses of the program, of its parts, and of the Debian packages.
add_licenses() {
    local documents=$work/image/usr/share/doc common=usr/share/common-licenses package license
    install -Dm644 LICENSE "$documents/$name/LICENSE"
    eng/packaging/notices "$1" "$(rid_of "$2")" >"$documents/$name/THIRD-PARTY-NOTICES"
    while read -r package _; do
        install -Dm644 "$work/$2/usr/share/doc/$package/copyright" "$documents/$package/copyright" ||
            die "$package has no license for $2"
    done <"$work/$2.packages"
    # The texts that these refer to.
    grep -ohP "/$common/\K[\w.+-]*\w" "$documents"/*/copyright | sort -u | while read -r license; do
        [ ! -e "/$common/$license" ] || install -Dm644 "/$common/$license" "$work/image/$common/$license"
    done
}

# create_root PROJECT ARCH: creates all files of the image.
create_root() {
    local root=$work/image file path
    rm -rf "$root"
    mkdir -p "$root"/{etc/ssl/certs,usr/lib/ssl,tmp,home/app}
    cp -r "artifacts/native/$(rid_of "$2")/$1" "$root/app"
    chmod 1777 "$root/tmp"
    libraries "$2" "$root/app/$1" >"$work/libraries"
    while read -r file path; do
        case $path in
        */ld-linux-*) install -D "$file" "$root/$path" ;;
        *) install -Dm644 "$file" "$root/$path" ;;
        esac
    done <"$work/libraries"
    find "$work/$2/usr/share/ca-certificates/mozilla" -name '*.crt' | LC_ALL=C sort |
        xargs cat >"$root/etc/ssl/certs/ca-certificates.crt"
    ln -s /etc/ssl/certs "$root/usr/lib/ssl/certs"
    printf '%s\n' root:x:0:0:root:/root:/usr/sbin/nologin app:x:1654:1654::/home/app:/usr/sbin/nologin \
        >"$root/etc/passwd"
    printf '%s\n' root:x:0: app:x:1654: >"$root/etc/group"
    echo "hosts: files dns" >"$root/etc/nsswitch.conf"
    add_licenses "$1" "$2"
    chmod -R u=rwX,go=rX "$root/app"
}

# pack PROJECT NAME PORT ARCH ARCHIVE
pack() {
    local project=$1 name=$2 port=$3 arch=$4 archive=$5
    tar -C "$work/image" --sort=name --mtime="@$epoch" --numeric-owner --owner=0 --group=0 --exclude=./home/app \
        -cf "$work/image.tar" .
    tar -C "$work/image" --mtime="@$epoch" --numeric-owner --owner=1654 --group=1654 -rf "$work/image.tar" ./home/app
    buildah_ from --arch "$arch" --name "$name-$arch" scratch
    buildah_ add "$name-$arch" "$work/image.tar" /
    buildah_ config --arch "$arch" --user 1654:1654 --workingdir /app --entrypoint "[\"/app/$project\"]" \
        --port "$port/tcp" --env DOTNET_RUNNING_IN_CONTAINER=true --env DOTNET_EnableDiagnostics=0 \
        --env "ASPNETCORE_HTTP_PORTS=$port" \
        --label "org.opencontainers.image.title=$name" --label "org.opencontainers.image.version=$version" \
        --label "org.opencontainers.image.source=$(of "$project" RepositoryUrl)" \
        --label "org.opencontainers.image.revision=$(revision)" \
        --label "org.opencontainers.image.licenses=$(of "$project" PackageLicenseExpression)" "$name-$arch"
    buildah_ commit --format oci --identity-label=false --timestamp "$epoch" \
        "$name-$arch" "localhost/$name:$version-$arch"
    rm -f "$archive"
    buildah_ push "localhost/$name:$version-$arch" "docker-archive:$archive:localhost/$name:$version"
}

# index NAME ARCHIVE: one OCI archive with the images of all architectures.
index() {
    local arch
    buildah_ manifest create "$1"
    for arch in "${archs[@]}"; do
        buildah_ manifest add --arch "$arch" "$1" "containers-storage:localhost/$1:$version-$arch"
    done
    rm -rf "$work/index"
    buildah_ manifest push --all --format oci "$1" "oci:$work/index:localhost/$1:$version"
    # buildah would store the present time in an archive.
    tar -C "$work/index" --sort=name --mtime="@$epoch" --numeric-owner --owner=0 --group=0 -cf "$2" \
        blobs index.json oci-layout
}

# Since its change to a time of 64 bits, the package has another name.
ssl=libssl3
! apt-cache show libssl3t64 >/dev/null 2>&1 || ssl=libssl3t64
for arch in "${archs[@]}"; do
    eng/packaging/debian-root "$arch" "$work/$arch" libc6 $ssl ca-certificates >"$work/$arch.packages" ||
        die "cannot download the libraries for $arch"
done
mkdir -p "$out"
for project in Esddns.Operator Esddns.Web; do
    read_properties $project
    name=$(of $project ContainerRepository) version=$(of $project Version)
    [ $# = 0 ] || [[ " $* " == *" $name "* ]] || continue
    for arch in "${archs[@]}"; do
        archive=$name
        [ "$arch" = amd64 ] || archive=$name-$arch
        log "publishing $project for $arch"
        publish $project "$(rid_of "$arch")"
        create_root $project "$arch"
        pack $project "$name" "$(of $project ContainerHttpPort)" "$arch" "$out/$archive.tar"
        describe $project "$(rid_of "$arch")" container "$out/$archive.cdx.json" "$work/$arch.packages"
        size=$(($(stat -c %s "$out/$archive.tar") >> 20)) compressed=$(($(gzip -c "$out/$archive.tar" | wc -c) >> 20))
        echo "localhost/$name:$version  $size MB, $compressed MB compressed: ${out#"$PWD"/}/$archive.tar"
    done
    [ ${#archs[@]} = 1 ] || index "$name" "$out/$name.oci.tar"
done
