#!/usr/bin/env bash
# Which package feed has this machine? Prints "full" or "partial"; docs/feeds.md explains.
# PackageFeed=full|partial in the environment overrides. The feed is asked once; eng/.feed/answer keeps what it said.
set -euo pipefail
cd "$(dirname "$0")"

case "${PackageFeed:-}" in
full | partial) echo "$PackageFeed"; exit ;;
"") ;;
*) echo "PackageFeed is '$PackageFeed'; use full or partial, or leave it unset." >&2; exit 2 ;;
esac

if [ ! -s .feed/answer ]; then
    mkdir -p .feed
    # The AppHost's SDK is what a partial feed lacks, and nothing builds the AppHost without it.
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
        echo "The package feed gave no answer:" >&2
        tail -n 3 .feed/log >&2
        exit 1
    fi
fi
cat .feed/answer
