"""Lists the licences of all packages that the lock files name; see third-party.sh."""
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

TARGET = Path("THIRD-PARTY.md")
# How the texts of licences begin that packages bring as a file.
TEXTS = {"MIT": "Permission is hereby granted, free of charge", "Apache-2.0": "Apache License"}
# What stands at addresses that packages name instead.
ADDRESSES = {"https://raw.githubusercontent.com/xunit/xunit/master/license.txt": "Apache-2.0"}
HEAD = """# Third-party packages

Every NuGet package in the lock files, written by `scripts/third-party.sh`; don't edit it by hand. *Use*: **product** is
referred to by `src` and comes with the tool, **build** makes the product and stays behind, **tests** is referred to by tests
and benchmarks alone. *direct* packages are named by a project, *transitive* ones come with these.
[docs/dependencies.md](docs/dependencies.md) says why each is there.

| package | version | licence | use | | address |
|---|---|---|---|---|---|
"""


def locked():
    """(name, version) of every package, with where it is used and whether a project names it."""
    found = {}
    for path in sorted(Path(".").glob("*/*/packages*.lock.json")):
        for packages in json.loads(path.read_text(encoding="utf-8-sig"))["dependencies"].values():
            for name, entry in packages.items():
                if entry["type"] == "Project":
                    continue
                uses, direct = found.get((name, entry["resolved"]), (set(), False))
                found[name, entry["resolved"]] = (uses | {path.parts[0]}, direct or entry["type"] == "Direct")
    return found


def built_with():
    """Packages of which nothing goes into the product: their projects say PrivateAssets."""
    text = "".join(p.read_text(encoding="utf-8") for p in sorted(Path("src").glob("*/*.csproj")))
    return set(re.findall(r'<PackageReference Include="([^"]+)"[^>]*PrivateAssets="all"', text))


def package_folder():
    command = ["dotnet", "nuget", "locals", "global-packages", "--list"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True)
    return Path(listed.stdout.split(":", 1)[1].strip())


def described(folder, name, version):
    """Licence and address as the package states them; None where it isn't restored here."""
    nuspec = folder / name.lower() / version.lower() / f"{name.lower()}.nuspec"
    if not nuspec.exists():
        return None
    facts = {}
    for element in ElementTree.parse(nuspec).getroot().iter():
        facts.setdefault(element.tag.rsplit("}", 1)[-1], (element.text or "", element.attrib))
    licence, kind = facts.get("license", ("", {}))
    address = next((facts[k][0] for k in ("projectUrl", "repository") if k in facts and facts[k][0]), "")
    address = address or facts.get("repository", ("", {}))[1].get("url", "")
    if kind.get("type") == "file":
        text = (nuspec.parent / licence).read_text(encoding="utf-8", errors="replace")
        return f"{next((n for n, words in TEXTS.items() if words in text), 'other')} (file {licence})", address
    if kind.get("type") != "expression":
        stated = facts.get("licenseUrl", ("none stated", {}))[0]
        return f"{ADDRESSES.get(stated, 'other')} ({stated})", address
    return licence, address


def present():
    """The rows of the file as it is."""
    text = TARGET.read_text(encoding="utf-8") if TARGET.exists() else ""
    rows = [[c.strip() for c in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("| ")]
    return {(r[0], r[1]): (r[2], r[5]) for r in rows if len(r) == 6}


def table():
    folder, before, build = package_folder(), present(), built_with()
    lines = []
    for (name, version), (uses, direct) in sorted(locked().items(), key=lambda p: (p[0][0].lower(), p[0][1])):
        facts = described(folder, name, version) or before.get((name, version))
        if facts is None:
            sys.exit(f"{name} {version} is not restored here, so its licence can't be read. Restore the project that uses it "
                     "first (packages of the GPU build: dotnet restore src/Cli -p:OrtGpu=true).")
        use = "build" if name in build else "product" if "src" in uses else "tests"
        lines.append(f"| {name} | {version} | {facts[0]} | {use} | {'direct' if direct else 'transitive'} | {facts[1]} |")
    return HEAD + "\n".join(lines) + "\n"


def main():
    text = table()
    if sys.argv[1:] == ["--check"]:
        if not TARGET.exists() or TARGET.read_text(encoding="utf-8") != text:
            sys.exit(f"{TARGET} is out of date: run scripts/third-party.sh.")
        print(f"{TARGET} is up to date")
    elif sys.argv[1:]:
        sys.exit("usage: scripts/third-party.sh [--check]")
    else:
        TARGET.write_text(text, encoding="utf-8")
        print(f"wrote {TARGET}: {text.count(chr(10)) - HEAD.count(chr(10))} packages")


if __name__ == "__main__":
    main()
