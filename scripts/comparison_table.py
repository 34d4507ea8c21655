"""Writes what train-comparison.sh has measured as a table:  comparison_table.py FOLDER"""
import json
import pathlib
import sys

FORMS = ["source", "2-adjacent", "2-full", "3-adjacent", "3-full"]

folder = pathlib.Path(sys.argv[1])
sets = {name: json.loads((folder / f"{name}.json").read_text()) for name in ("Set5", "Set14")}
times = json.loads((folder / "bench.json").read_text())["models"]
runs = [json.loads((folder / f"{form}.json").read_text()) for form in FORMS]


def quality(scores):
    return f"{scores['psnr']:.2f} / {scores['ssim']:.4f}"


print("| network | steps | Set5 PSNR / SSIM | Set14 PSNR / SSIM | parameters "
      "| multiply-adds | ms at 128×128 |")
print("|---|---|---|---|---|---|---|")
bicubic = [quality(sets[name]["bicubic"]) for name in ("Set5", "Set14")]
print(f"| bicubic | | {bicubic[0]} | {bicubic[1]} | | | |")
first = sets["Set5"]["models"][0]
for i, form in enumerate(FORMS):
    five, fourteen = sets["Set5"]["models"][i], sets["Set14"]["models"][i]
    name = "source" if i == 0 else "n=" + form.replace("-", " ")
    shares = [f" ({100 * five[key] / first[key]:.1f} %)" if i else "" for key in ("params", "macs")]
    print(f"| {name} | {runs[i]['steps']:,} | {quality(five)} | {quality(fourteen)} "
          f"| {five['params']:,}{shares[0]} | {five['macs'] / 1e9:.2f} G{shares[1]} "
          f"| {times[i]['median_ms']:.1f} |")
