#!/usr/bin/env bash
# Builds all files of a release into artifacts/release, the same bytes for the same commit on the same system: programs
# for amd64 and arm64, Debian packages, images, compose file, Quadlet file, bills of materials, licenses, SHA256SUMS.
#   eng/release.sh [--reuse]
# --reuse: uses the programs and images of this commit that are there (artifacts/native, artifacts/images), instead of
# building them.
# eng/packaging/check and eng/packaging/test check the result.
cd "$(dirname "$0")/.."
. eng/kubernetes/lib.sh
. eng/kubernetes/packages.sh
. eng/native.sh
out=artifacts/release
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Outside a repository, a program contains no commit, and an image that it is unknown.
commit=$(revision)
[ "$commit" != unknown ] || [ ! -e .git ] || die "the commit is unknown: $(git rev-parse HEAD 2>&1 | head -n 1 || true)"
[ -z "$(git status --porcelain 2>/dev/null)" ] || log "the release contains changes that are not committed"
want dpkg-deb dpkg
want objdump binutils
want jq jq
install_wanted "see https://www.debian.org"

[ "${1:-}" = --reuse ] || eng/images.sh --all

# commits FILE: the commits in the labels of the images of an archive.
commits() { grep -aoP '"org\.opencontainers\.image\.revision":"\K[^"]*' "$1" | sort -u; }
for part in artifacts/native/*/Esddns.*/Esddns.{Operator,Web} artifacts/images/esddns-*.tar; do
    case $part in
    *'*'*) continue ;;
    *.tar) [ "$(commits "$part")" = "$commit" ] ;;
    *) [ "$commit" = unknown ] || grep -qaF "+$commit" "$part" ;;
    esac || die "$part is not of the commit $commit: build it again with eng/images.sh, or delete it"
done

rm -rf $out
mkdir -p $out
export SOURCE_DATE_EPOCH=$epoch
for project in Esddns.Operator Esddns.Web; do
    read_properties $project
    name=$(of $project ContainerRepository) version=$(of $project Version)
    for arch in amd64 arm64; do
        rid=$(rid_of $arch) file=$name-$version-linux-$arch
        folder=artifacts/native/$rid/$project
        [ -x "$folder/$project" ] || { log "no $project for $arch"; continue; }
        mkdir "$work/$file"
        cp "$folder/$project" "$work/$file/"
        eng/packaging/notices $project "$rid" >"$work/$file/THIRD-PARTY-NOTICES"
        describe $project "$rid" application "$work/$file/$name.cdx.json"
        ESDDNS_VERSION=$version eng/packaging/deb/build "$name" $arch "$work/$file" $out
        install "$folder/$project" "$out/$file"
        cp "$work/$file/$name.cdx.json" "$out/$file.cdx.json"
        cp "$work/$file/THIRD-PARTY-NOTICES" "$out/$file.THIRD-PARTY-NOTICES"
        image=$name
        [ $arch = amd64 ] || image=$name-$arch
        gzip -9nc "artifacts/images/$image.tar" >"$out/$file.image.tar.gz"
        cp "artifacts/images/$image.cdx.json" "$out/$file.image.cdx.json"
    done
    [ ! -e "artifacts/images/$name.oci.tar" ] || cp "artifacts/images/$name.oci.tar" "$out/$name-$version.oci.tar"
done
cp LICENSE eng/packaging/compose/compose.yaml eng/packaging/quadlet/*.container $out/
(cd $out && sha256sum -- * >"$work/sums" && mv "$work/sums" SHA256SUMS)
cat $out/SHA256SUMS
