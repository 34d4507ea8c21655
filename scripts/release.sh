#!/usr/bin/env bash
# Publishes mssr-convert for linux-x64 and win-x64 with .NET inside, into artifacts/release: per platform a folder and an archive
# with THIRD-PARTY.md, the licence texts that the packages bring, LICENSE where there is one, and a CycloneDX SBOM.
# `scripts/release.sh` does both platforms, `scripts/release.sh RID…` those named.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en MSBUILDTERMINALLOGGER=off
[ $# -gt 0 ] || set -- linux-x64 win-x64
version=$(dotnet msbuild src/Cli/Cli.csproj -getProperty:Version)
packages=$(dotnet nuget locals global-packages --list | cut -d' ' -f2)
out=artifacts/release
mkdir -p "$out"

# A release holds exactly what the lock files say and what THIRD-PARTY.md lists.
dotnet restore src/Cli --locked-mode -v q
scripts/third-party.sh --check
dotnet tool restore -v q

licence_texts() { # The texts that the product's packages bring along, by package.
    awk -F' *[|] *' '$5 == "product" { print $2, $3 }' THIRD-PARTY.md | while read -r name package_version; do
        folder="$packages/${name,,}/${package_version,,}"
        [ -d "$folder" ] || continue
        find "$folder" -maxdepth 1 -type f \( -iname '*licen[cs]e*' -o -iname '*notice*' \) -print0 |
            while IFS= read -r -d '' file; do
                mkdir -p "$1/$name"
                cp "$file" "$1/$name/"
            done
    done
}

for platform in "$@"; do
    name="mssr-convert-$version-$platform"
    rm -rf "${out:?}/$name" "$out/$name".*
    dotnet publish src/Cli -c Release -r "$platform" --self-contained -o "$out/$name" -v q
    dotnet tool run dotnet-CycloneDX src/Cli/Cli.csproj --runtime "$platform" --disable-package-restore --no-serial-number \
        --set-name mssr-convert --set-version "$version" --output "$out/$name" --filename sbom.cdx.json --output-format Json
    cp THIRD-PARTY.md "$out/$name/"
    [ ! -f LICENSE ] || cp LICENSE "$out/$name/"
    licence_texts "$out/$name/licenses"
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
