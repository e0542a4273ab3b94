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

# publish PROJECT RID: the program as native code, in artifacts/native/RID/PROJECT, and what was restored for it.
# Without debug information: it names the folder of the build, and its checksum is part of the program.
publish() {
    rm -rf "artifacts/native/$2/$1"
    quietly "dotnet publish $1 -r $2" dotnet publish "$1" -c Release -r "$2" \
        --artifacts-path artifacts/publish -o "artifacts/native/$2/$1" --nologo -v quiet \
        -p:DebugType=none -p:CopyOutputSymbolsToPublishDirectory=false \
        -p:PublishDocumentationFiles=false -p:PublishReferencesDocumentationFiles=false \
        -p:ContinuousIntegrationBuild=true
    cp "artifacts/publish/obj/$1/project.assets.json" "artifacts/native/$2/$1.assets.json"
}

# describe PROJECT RID TYPE OUT [PACKAGES]: writes the SBOM: the NuGet packages, the .NET runtime, and the Debian
# packages in the file PACKAGES, one "name version architecture" a line. Native code contains parts of both frameworks.
describe() {
    local project=$1 rid=$2 type=$3 out=$4 packages=${5:-/dev/null} tools=artifacts/tools name
    name=$(of "$project" ContainerRepository)
    [ -x $tools/dotnet-CycloneDX ] ||
        quietly "installing CycloneDX" dotnet tool install CycloneDX --version 6.3.1 --tool-path $tools
    [ -s "$work/$project.cdx.json" ] ||
        quietly CycloneDX $tools/dotnet-CycloneDX "$project/$project.csproj" --recursive --exclude-dev \
            --no-serial-number --spec-version 1.6 --set-name "$name" --set-version "$(of "$project" Version)" \
            --output "$work" --filename "$project.cdx.json" --output-format Json
    jq --arg system "$(. /etc/os-release && echo "$ID")" --arg type "$type" --arg rid "$rid" \
        --arg runtime "$(of "$project" BundledNETCoreAppPackageVersion)" --arg time "$(date -u -d "@$epoch" +%FT%TZ)" \
        --rawfile packages "$packages" '
        .metadata.timestamp = $time
        | .metadata.component.type = $type
        | .components += [("Microsoft.NETCore.App", "Microsoft.AspNetCore.App") as $name
            | "pkg:nuget/\($name).Runtime.\($rid)@\($runtime)" as $purl
            | {type: "framework", $name, version: $runtime, "bom-ref": $purl, purl: $purl}]
        | .components += [$packages | split("\n")[] | select(. != "") | split("\t")
            | "pkg:deb/\($system)/\(.[0])@\(.[1] | @uri)?arch=\(.[2])" as $purl
            | {type: "library", name: .[0], version: .[1], "bom-ref": $purl, purl: $purl}]' \
        "$work/$project.cdx.json" >"$out"
}

# The time of all files: that of the commit, so that the same commit gives the same bytes.
epoch=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}
