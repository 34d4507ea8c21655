#!/usr/bin/env bash
# Publishes mssr-convert for linux-x64 and win-x64 with .NET inside, into artifacts/release: per platform a folder and an archive
# with THIRD-PARTY.md, the licence texts that the packages bring, LICENSE where there is one, and a CycloneDX SBOM.
# `scripts/release.sh` does both platforms, `scripts/release.sh RID…` those named.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en MSBUILDTERMINALLOGGER=off
[ $# -gt 0 ] || set -- linux-x64 win-x64
version=$(dotnet msbuild src/Cli/Cli.csproj -getProperty:Version)
runtime=$(dotnet msbuild src/Cli/Cli.csproj -getProperty:BundledNETCoreAppPackageVersion)
packages=$(dotnet nuget locals global-packages --list | cut -d' ' -f2)
out=artifacts/release
mkdir -p "$out"

# A release holds exactly what the lock files say and what THIRD-PARTY.md lists.
dotnet restore src/Cli --locked-mode -v q
scripts/third-party.sh --check
dotnet tool restore -v q

# The texts that packages bring along, those of the SBOM and .NET itself, by package.
licence_texts() {
    { python3 -c 'import json, sys
for part in json.load(open(sys.argv[1]))["components"]: print(part["name"], part["version"])' "$1/sbom.cdx.json"
        echo "Microsoft.NETCore.App.Runtime.$2 $runtime"; } |
        while read -r package package_version; do
            folder="$packages/${package,,}/${package_version,,}"
            [ -d "$folder" ] || continue
            find "$folder" -maxdepth 1 -type f \( -iname '*licen[cs]e*' -o -iname '*notice*' \) -print0 |
                while IFS= read -r -d '' file; do
                    mkdir -p "$1/licenses/$package"
                    cp "$file" "$1/licenses/$package/"
                done
        done
}

for platform in "$@"; do
    name="mssr-convert-$version-$platform"
    rm -rf "${out:?}/$name" "$out/$name".*
    dotnet publish src/Cli -c Release -r "$platform" --self-contained -o "$out/$name" -v q
    dotnet tool run dotnet-CycloneDX src/Cli/Cli.csproj --runtime "$platform" --disable-package-restore --no-serial-number \
        --include-license-text --set-name mssr-convert --set-version "$version" --output "$out/$name" \
        --filename sbom.cdx.json --output-format Json
    cp THIRD-PARTY.md "$out/$name/"
    [ ! -f LICENSE ] || cp LICENSE "$out/$name/"
    licence_texts "$out/$name" "$platform"
    case $platform in
        win-*) (cd "$out" && python3 -m zipfile -c "$name.zip" "$name") ;;
        *) tar -C "$out" -czf "$out/$name.tar.gz" "$name" ;;
    esac
done
# Publishing restored each platform's packages; the portable build's come back.
dotnet restore src/Cli --locked-mode -v q
cd "$out"
find . -maxdepth 1 -type f \( -name '*.zip' -o -name '*.tar.gz' \) -printf '%f\n' | sort | xargs sha256sum > SHA256SUMS
cat SHA256SUMS
