#!/usr/bin/env bash
# Prints the kind of this machine's package feed: "full" or "partial" (docs/feeds.md).
# PackageFeed=full|partial in the environment overrides. The feed is queried once; eng/.feed/answer caches the result.
set -euo pipefail
cd "$(dirname "$0")"

case "${PackageFeed:-}" in
full | partial) echo "$PackageFeed"; exit ;;
"") ;;
*) echo "PackageFeed is '$PackageFeed'; use full or partial, or leave it unset." >&2; exit 2 ;;
esac

if [ ! -s .feed/answer ]; then
    mkdir -p .feed
    # A partial feed lacks the SDK of the AppHost, which the AppHost needs to build.
    version=$(sed -n 's/.*Sdk="Aspire.AppHost.Sdk\/\([^"]*\)".*/\1/p' ../Esddns.AppHost/Esddns.AppHost.csproj)
    cat >.feed/probe.csproj <<PROBE
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <ManagePackageVersionsCentrally>false</ManagePackageVersionsCentrally>
    <ImportDirectoryBuildProps>false</ImportDirectoryBuildProps>
    <ImportDirectoryBuildTargets>false</ImportDirectoryBuildTargets>
    <ImportDirectoryPackagesProps>false</ImportDirectoryPackagesProps>
  </PropertyGroup>
  <ItemGroup><PackageDownload Include="Aspire.AppHost.Sdk" Version="[$version]" /></ItemGroup>
</Project>
PROBE
    if dotnet restore .feed/probe.csproj >.feed/log 2>&1; then
        echo full >.feed/answer
    elif grep -qE 'NU110[123]' .feed/log; then
        echo partial >.feed/answer
    else
        echo "Cannot query the package feed:" >&2
        tail -n 3 .feed/log >&2
        exit 1
    fi
fi
cat .feed/answer
