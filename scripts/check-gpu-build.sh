#!/usr/bin/env bash
# Builds the tool with ONNX Runtime's GPU package and looks at what it says where there is no GPU:  scripts/check-gpu-build.sh
# Where the package can't be restored (half a gigabyte, and not in every registry) it says so and passes.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
began=$SECONDS

dotnet restore src/Cli -p:OrtGpu=true --locked-mode >"$work/restore.log" 2>&1 || {
    if grep -qE 'NU1(101|102|301)' "$work/restore.log"; then
        echo "The package Microsoft.ML.OnnxRuntime.Gpu can't be had here; its build is left out."
        exit 0
    fi
    cat "$work/restore.log"
    exit 1
}
dotnet build src/Cli -c Release -p:OrtGpu=true --no-restore -v quiet -nologo
tool=src/Cli/bin/gpu/Release/net10.0/mssr-convert.dll

fail() { echo "GPU build: $1"; cat "$work/out"; exit 1; }
dotnet "$tool" devices >"$work/out" 2>&1 || fail "devices ends with an error"
if grep -qE '^ +cuda +yes' "$work/out"; then
    echo "GPU build: $((SECONDS - began)) s; there is a GPU:"
    grep -E '^ +(cuda|tensorrt)' "$work/out"
    exit 0
fi

grep -qE '^ +cuda +no' "$work/out" || fail "devices doesn't list cuda as missing"
grep -q 'This machine lacks' "$work/out" || fail "devices doesn't name the missing libraries"
dotnet "$tool" zoo espcn -o "$work/espcn.onnx" >"$work/out" 2>&1 || fail "zoo ends with an error"
base64 -d >"$work/in.png" <<'PNG'
iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAAAAADhZOFXAAAADklEQVR4nGNogAIGyhgAgIQgAQ2AJGEAAAAASUVORK5CYII=
PNG
for command in "bench $work/espcn.onnx --size 16" "upscale $work/in.png --model $work/espcn.onnx -o $work/out.png"; do
    code=0
    # shellcheck disable=SC2086
    dotnet "$tool" $command --device cuda >"$work/out" 2>&1 || code=$?
    [ "$code" -eq 4 ] || fail "'${command%% *} --device cuda' ends with exit code $code, not 4"
    grep -qE "^error MSSR5004: Device 'cuda:0' can't be used: this machine lacks lib(cuda\.so\.1|cu.*\.so\.13)" "$work/out" || fail "'${command%% *} --device cuda' doesn't name the missing libraries"
    [ "$(grep -c . "$work/out")" -eq 1 ] || fail "'${command%% *} --device cuda' says more than one line"
done
echo "GPU build: all checks passed, no GPU here ($((SECONDS - began)) s)"
