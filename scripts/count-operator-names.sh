#!/usr/bin/env bash
# The source files that name five or more of ONNX's operators, most names first, and how many there are. What is known of an operator
# belongs into its family's file in src/Operators; a list of operators elsewhere is a list that drifts.
#   scripts/count-operator-names.sh [ROOT]
set -euo pipefail
root=${1:-$(dirname "$0")/..}
names=$(mktemp); trap 'rm -f "$names"' EXIT
# A description begins with the operator's name: new("Conv", …), Of("RNN", …).
grep -ohP '(?<![.\w])[A-Za-z]\w*\("\K[A-Z][A-Za-z0-9]+(?=")' "$root"/src/Operators/*Operators.cs | grep -E '..' | sort -u > "$names"
find "$root/src" -name '*.cs' -not -path '*/obj/*' -not -path '*/bin/*' | while read -r file; do
    found=$({ grep -oP '"\K[A-Z][A-Za-z0-9]+(?=")' "$file" || true; } | sort -u | comm -12 - "$names" | wc -l)
    if [ "$found" -ge 5 ]; then echo "$found ${file#"$root"/}"; fi
done | sort -rn | tee /dev/stderr | wc -l
