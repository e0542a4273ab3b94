# shellcheck shell=bash
# Publishes the programs as native code, and describes them; source it after eng/kubernetes/lib.sh and packages.sh.
# Variables: $work, a folder for temporary files.

# rid_of ARCH: .NET's name of an architecture of Debian.
rid_of() { case $1 in amd64) echo linux-x64 ;; arm64) echo linux-arm64 ;; *) die "unknown architecture $1" ;; esac; }

# want_native ARCH...: the linker, and what it links.
want_native() {
    command -v dotnet >/dev/null || die "the .NET SDK is missing: install .NET 10 from https://dot.net/download"
    [ "$(dpkg --print-architecture 2>/dev/null)" = amd64 ] ||
        die "this machine provides the libraries, so it must run Debian or Ubuntu on x64"
    want jq jq
    want gcc gcc
    want /usr/include/zlib.h zlib1g-dev
    if [[ " $* " == *" arm64 "* ]]; then
        want aarch64-linux-gnu-gcc gcc-aarch64-linux-gnu
        want /usr/aarch64-linux-gnu/lib/libc.so libc6-dev-arm64-cross
    fi
}

# quietly WHAT COMMAND...: runs a command and prints its output only on failure.
quietly() {
    "${@:2}" >"$work/log" 2>&1 || die "$1 failed" "$work/log"
}

# read_properties PROJECT: reads its MSBuild properties, for `of`.
read_properties() {
    local names=Version,ContainerRepository,ContainerHttpPort,RepositoryUrl,PackageLicenseExpression
    dotnet msbuild "$1" -getProperty:$names,BundledNETCoreAppPackageVersion >"$work/$1.json"
}

# of PROJECT PROPERTY: the value of an MSBuild property of a project.
of() { jq -r ".Properties.$2" "$work/$1.json"; }

# revision: the commit of the sources. The SDK stores it in each program, and eng/images.sh in each image.
revision() { git rev-parse HEAD 2>/dev/null || echo unknown; }

# Packages that a project refers to, but whose code is not in its program: MailKit would use it to sign messages.
unlinked=BouncyCastle.Cryptography

# publish PROJECT RID: the program as native code, in artifacts/native/RID/PROJECT, and what was restored for it.
publish() {
    rm -rf "artifacts/native/$2/$1"
    quietly "dotnet publish $1 -r $2" dotnet publish "$1" -c Release -r "$2" \
        --artifacts-path artifacts/publish -o "artifacts/native/$2/$1" --nologo -v quiet \
        -p:ContinuousIntegrationBuild=true -p:IlcGenerateMapFile=true
    ! grep -q "${unlinked%.*}" "artifacts/publish/obj/$1/release_$2/native/$1.map.xml" ||
        die "$1 contains code of $unlinked: state its license"
    cp "artifacts/publish/obj/$1/project.assets.json" "artifacts/native/$2/$1.assets.json"
}

# The licenses of the Debian packages of an image, from their /usr/share/doc/*/copyright, as SPDX expressions.
licenses='{
    "libc6": "LGPL-2.1-or-later", "libssl3": "Apache-2.0", "libssl3t64": "Apache-2.0", "ca-certificates": "MPL-2.0"}'

# describe PROJECT RID TYPE OUT [PACKAGES]: writes the SBOM: the NuGet packages, the .NET runtime, the data of others,
# and the Debian packages in the file PACKAGES, one "name version architecture" a line. Native code contains parts of
# both frameworks.
describe() {
    local project=$1 rid=$2 type=$3 out=$4 packages=${5:-/dev/null} tools=artifacts/tools name suffixes=
    name=$(of "$project" ContainerRepository)
    # The Debian package that the Public Suffix List is from.
    [ "$project" != Esddns.Operator ] ||
        suffixes=$(grep -om 1 '[0-9]\{8\}\.[0-9]*-[0-9]*' Esddns.Operator/Discovery/PublicSuffixes/README.md)
    [ -x $tools/dotnet-CycloneDX ] ||
        quietly "installing CycloneDX" dotnet tool install CycloneDX --version 6.3.1 --tool-path $tools
    [ -s "$work/$project.cdx.json" ] ||
        quietly CycloneDX $tools/dotnet-CycloneDX "$project/$project.csproj" --recursive --exclude-dev \
            --no-serial-number --spec-version 1.6 --set-name "$name" --set-version "$(of "$project" Version)" \
            --output "$work" --filename "$project.cdx.json" --output-format Json
    jq --arg system "$(. /etc/os-release && echo "$ID")" --arg type "$type" --arg rid "$rid" \
        --arg runtime "$(of "$project" BundledNETCoreAppPackageVersion)" --arg time "$(date -u -d "@$epoch" +%FT%TZ)" \
        --rawfile packages "$packages" --arg unlinked "$unlinked" --arg suffixes "$suffixes" \
        --argjson licenses "$licenses" '
        .metadata.timestamp = $time
        | .metadata.component.type = $type
        | ([.components[] | select(.name == $unlinked)["bom-ref"]] | first) as $ref
            | del(.components[] | select(.["bom-ref"] == $ref))
            | del(.dependencies[] | select(.ref == $ref))
            | del(.dependencies[].dependsOn[]? | select(. == $ref))
        | .components += [("Microsoft.NETCore.App.Runtime.NativeAOT", "Microsoft.AspNetCore.App.Runtime") as $pack
            | "\($pack).\($rid)" as $name | "pkg:nuget/\($name)@\($runtime)" as $purl
            | {type: "framework", $name, version: $runtime, licenses: [{license: {id: "MIT"}}],
                "bom-ref": $purl, purl: $purl}]
        | .components += [$suffixes | select(. != "")
            | "pkg:deb/debian/publicsuffix@\(.)?arch=all" as $purl
            | {type: "data", name: "public_suffix_list.dat", version: ., licenses: [{license: {id: "MPL-2.0"}}],
                "bom-ref": $purl, purl: $purl}]
        | .components += [$packages | split("\n")[] | select(. != "") | split("\t")
            | "pkg:deb/\($system)/\(.[0])@\(.[1] | @uri)?arch=\(.[2])" as $purl
            | ($licenses[.[0]] // error("the license of \(.[0]) is unknown: add it to eng/native.sh")) as $license
            | {type: "library", name: .[0], version: .[1], licenses: [{expression: $license}],
                "bom-ref": $purl, purl: $purl}]' \
        "$work/$project.cdx.json" >"$out"
}

# The time of all files: that of the commit, so that the same commit gives the same bytes.
epoch=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}
