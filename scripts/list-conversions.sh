#!/usr/bin/env bash
# A line for each conversion of the zoo and of the given folders' models: what was asked, and the hash of what was written or the message.
# Two lists, made before and after a change of the compiler, show whether the change alters any result.
#   scripts/list-conversions.sh MSSR-CONVERT.DLL OUT.tsv [FOLDER…]
# Temporary paths in messages differ between runs; compare with: diff <(sed -E "s|/tmp/tmp\.\w+||" A) <(sed -E "s|/tmp/tmp\.\w+||" B)
set -euo pipefail
cli=$1; out=$2; shift 2
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
mkdir "$work/models"
dotnet "$cli" zoo 2>/dev/null | awk '/^  [a-z0-9-]+  / && $1 != "name" {print $1}' > "$work/names"
export cli work
xargs -P 2 -I{} sh -c 'dotnet "$cli" zoo {} -o "$work/models/zoo-{}.onnx" >/dev/null 2>&1 || true' < "$work/names"
for folder in "$@"; do
    find "$folder" -name '*.onnx' | sort | while read -r f; do ln -s "$(realpath "$f")" "$work/models/$(echo "${f#"$folder"}" | tr '/' '_')"; done
done
one() {
    model=$1; shift; label="$*"
    target="$work/$(basename "$model").$(echo "$label" | tr -d ' /-').onnx"
    # shellcheck disable=SC2068
    if dotnet "$cli" "$model" $@ --no-check -o "$target" >/dev/null 2>"$work/err.$$"; then
        hash=$(sha256sum < "$target" | cut -c1-16)
    else
        hash="exit $? $(head -c 300 "$work/err.$$" | tr '\n\t' '  ')"
    fi
    rm -f "$target"
    printf '%s\t%s\t%s\n' "$(basename "$model")" "$label" "$hash"
}
export -f one
for model in "$work"/models/*.onnx; do
    for args in "-n 2" "-n 3" "-n 2 --interaction full --fuse-at upsampler" "-n 2 --form deploy" "-n 3 --init random --channel-align 4"; do
        printf '%s\n' "one $model $args"
    done
done | xargs -P 2 -d '\n' -I{} bash -c '{}' | sort > "$out"
wc -l "$out"
