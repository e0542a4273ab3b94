#!/usr/bin/env bash
# Builds the images localhost/esddns-operator:VERSION and localhost/esddns-web:VERSION without registry and container
# engine. Writes artifacts/images/NAME.tar, for `docker load`, `podman load` and eng/kubernetes/cluster, and the SBOM
# NAME.cdx.json.
#   eng/images.sh [NAME...]
# An image contains the program as native code (eng/Native.props), and the required libraries of this machine (Debian or
# Ubuntu, x64), but no shell and no package manager.
# With a registry, use `dotnet publish PROJECT -t:PublishContainer`.
cd "$(dirname "$0")/.."
. eng/kubernetes/lib.sh
. eng/kubernetes/packages.sh
out=$PWD/artifacts/images
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

command -v dotnet >/dev/null || die "the .NET SDK is missing: install .NET 10 from https://dot.net/download"
[ "$(dpkg --print-architecture 2>/dev/null)" = amd64 ] ||
    die "this machine provides the libraries, so it must run Debian or Ubuntu on x64"
want buildah buildah
want /etc/containers/policy.json golang-github-containers-common
want /usr/lib/x86_64-linux-gnu/libssl.so.3 libssl3
want /usr/share/ca-certificates/mozilla ca-certificates
want jq jq
# The linker for native code, and the files of a library that it links.
want gcc gcc
want /usr/include/zlib.h zlib1g-dev
install_wanted "see https://buildah.io for buildah"

# quietly WHAT COMMAND...: runs a command and prints its output only on failure.
quietly() {
    "${@:2}" >"$work/log" 2>&1 || die "$1 failed" "$work/log"
}
buildah_() { quietly "buildah $1" buildah --storage-driver vfs --root "$work/storage" --runroot "$work/run" "$@"; }

# of PROJECT PROPERTY: the value of an MSBuild property of a project.
of() { jq -r ".Properties.$2" "$work/$1.json"; }

publish() {
    quietly "dotnet publish $1" dotnet publish "$1" -c Release -r linux-x64 \
        --artifacts-path artifacts/publish -o "$work/image/app" --nologo -v quiet \
        -p:CopyOutputSymbolsToPublishDirectory=false \
        -p:PublishDocumentationFiles=false -p:PublishReferencesDocumentationFiles=false \
        -p:ContinuousIntegrationBuild=true
}

# libraries PROJECT: the libraries that ldd lists, and OpenSSL, which .NET loads by name.
libraries() {
    local app=$work/image/app ssl=/usr/lib/x86_64-linux-gnu/libssl.so.3
    {
        echo $ssl
        find "$app" -maxdepth 1 '(' -name '*.so' -o -name "$1" ')' -exec ldd $ssl {} + 2>/dev/null |
            sed -n 's/^\t\([^ ]* => \)\?\(\/[^ ]*\) (.*/\2/p'
    } | grep -v "^$app" | sort -u
}

# create_root PROJECT: creates all files of the image except /app.
create_root() {
    local root=$work/image file
    mkdir -p "$root"/{etc/ssl/certs,usr/lib/ssl,tmp,home/app}
    chmod 1777 "$root/tmp"
    libraries "$1" >"$work/libraries"
    while read -r file; do
        # The programs contain the path of the loader. The loader finds the libraries in its first search folder.
        case $file in
        */ld-linux-*) install -D "$file" "$root/lib64/${file##*/}" ;;
        *) install -Dm644 "$file" "$root/lib/x86_64-linux-gnu/${file##*/}" ;;
        esac
    done <"$work/libraries"
    find /usr/share/ca-certificates/mozilla -name '*.crt' | LC_ALL=C sort |
        xargs cat >"$root/etc/ssl/certs/ca-certificates.crt"
    ln -s /etc/ssl/certs "$root/usr/lib/ssl/certs"
    printf '%s\n' root:x:0:0:root:/root:/usr/sbin/nologin app:x:1654:1654::/home/app:/usr/sbin/nologin \
        >"$root/etc/passwd"
    printf '%s\n' root:x:0: app:x:1654: >"$root/etc/group"
    echo "hosts: files dns" >"$root/etc/nsswitch.conf"
    chmod -R u=rwX,go=rX "$root/app"
}

# runtimes PROJECT: the .NET frameworks with their versions. Native code contains the linked parts of both.
runtimes() {
    jq '[{name: "Microsoft.NETCore.App", version: .Properties.BundledNETCoreAppPackageVersion},
        {name: "Microsoft.AspNetCore.App", version: .Properties.BundledNETCoreAppPackageVersion}]' "$work/$1.json"
}

# describe PROJECT NAME: writes the SBOM: the NuGet packages, the .NET runtime and the Debian packages of the libraries.
describe() {
    local tools=artifacts/tools
    [ -x $tools/dotnet-CycloneDX ] ||
        quietly "installing CycloneDX" dotnet tool install CycloneDX --version 6.3.1 --tool-path $tools
    quietly CycloneDX $tools/dotnet-CycloneDX "$1/$1.csproj" --recursive --exclude-dev --no-serial-number \
        --spec-version 1.6 --set-name "$2" --set-version "$version" --set-type Container \
        --output "$work" --filename "$2.json" --output-format Json
    # If /lib is a link to /usr/lib, dpkg may list a file under either path.
    {
        echo ca-certificates
        sed 's/.*\//*x86_64-linux-gnu\//' "$work/libraries" | xargs dpkg -S | sed 's/: .*//'
    } | sort -u | xargs dpkg-query -W -f '${Package}\t${Version}\t${Architecture}\n' >"$work/packages"
    runtimes "$1" >"$work/runtimes.json"
    jq --arg system "$(. /etc/os-release && echo "$ID")" \
        --slurpfile runtime "$work/runtimes.json" --rawfile packages "$work/packages" '
        .components += [$runtime[0][] | "pkg:nuget/\(.name).Runtime.linux-x64@\(.version)" as $purl
            | {type: "framework", name, version, "bom-ref": $purl, purl: $purl}]
        | .components += [$packages | split("\n")[] | select(. != "") | split("\t")
            | "pkg:deb/\($system)/\(.[0])@\(.[1] | @uri)?arch=\(.[2])" as $purl
            | {type: "library", name: .[0], version: .[1], "bom-ref": $purl, purl: $purl}]' \
        "$work/$2.json" >"$out/$2.cdx.json"
}

pack() {
    local project=$1 name=$2 port=$3 revision epoch
    revision=$(git rev-parse HEAD 2>/dev/null || echo unknown)
    epoch=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}
    tar -C "$work/image" --sort=name --mtime="@$epoch" --numeric-owner --owner=0 --group=0 --exclude=./home/app \
        -cf "$work/image.tar" .
    tar -C "$work/image" --mtime="@$epoch" --numeric-owner --owner=1654 --group=1654 -rf "$work/image.tar" ./home/app
    buildah_ from --name "$name" scratch
    buildah_ add "$name" "$work/image.tar" /
    buildah_ config --user 1654:1654 --workingdir /app --entrypoint "[\"/app/$project\"]" --port "$port/tcp" \
        --env DOTNET_RUNNING_IN_CONTAINER=true --env DOTNET_EnableDiagnostics=0 --env "ASPNETCORE_HTTP_PORTS=$port" \
        --label "org.opencontainers.image.title=$name" --label "org.opencontainers.image.version=$version" \
        --label "org.opencontainers.image.source=$(of "$project" RepositoryUrl)" \
        --label "org.opencontainers.image.revision=$revision" \
        --label "org.opencontainers.image.licenses=$(of "$project" PackageLicenseExpression)" "$name"
    buildah_ commit --format oci --identity-label=false --timestamp "$epoch" "$name" "localhost/$name:$version"
    rm -f "$out/$name.tar"
    buildah_ push "localhost/$name:$version" "docker-archive:$out/$name.tar:localhost/$name:$version"
}

mkdir -p "$out"
properties=Version,ContainerRepository,ContainerHttpPort,RepositoryUrl,PackageLicenseExpression
properties+=,BundledNETCoreAppPackageVersion
for project in Esddns.Operator Esddns.Web; do
    dotnet msbuild "$project" -getProperty:$properties >"$work/$project.json"
    name=$(of $project ContainerRepository) version=$(of $project Version)
    [ $# = 0 ] || [[ " $* " == *" $name "* ]] || continue
    rm -rf "$work/image"
    log "publishing $project"
    publish $project
    create_root $project
    pack $project "$name" "$(of $project ContainerHttpPort)"
    describe $project "$name"
    size=$(($(stat -c %s "$out/$name.tar") >> 20)) compressed=$(($(gzip -c "$out/$name.tar" | wc -c) >> 20))
    echo "localhost/$name:$version  $size MB, $compressed MB compressed: ${out#"$PWD"/}/$name.tar"
done
