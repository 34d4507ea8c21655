"""Applies wrong changes to the product one by one and reports which of them no test notices; see mutation-test.sh."""
import argparse
import functools
import json
import os
import queue
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path.cwd()
WORK = ROOT / "artifacts" / "mutations"
LIST = ROOT / "tests" / "Mutations" / "mutations.json"
FRAMEWORK = "net10.0"
NO_SHARED_FOLDER = str(WORK / "none")
FAILED = re.compile(r"^\s+Failed ([^\s(]+)", re.MULTILINE)
BUILD = ["-v", "q", "--nologo", "-p:UseSharedCompilation=false", "-clp:NoSummary"]
# What only judges the style of the sources, and what writes files that nobody asks for here.
DROPPED = ("/warnaserror", "/refout:", "/doc:", "/debug", "/embed", "/sourcelink:", "/additionalfile:",
           "/analyzerconfig:", "/errorlog:", "/out:")


def run(command, timeout=None, **options):
    """The exit code (None after a timeout) and everything that was printed."""
    try:
        done = subprocess.run([str(c) for c in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              stdin=subprocess.DEVNULL, timeout=timeout, check=False, **options)
        return done.returncode, done.stdout
    except subprocess.TimeoutExpired as end:
        return None, (end.stdout or b"").decode(errors="replace") if isinstance(end.stdout, bytes) else ""


@functools.cache
def sdk():
    """The folder of the .NET SDK, whose compiler and test runner are called directly: that saves most of the time."""
    return Path(re.search(r"Base Path:\s+(.+)", run(["dotnet", "--info"])[1]).group(1).strip())


def project_of(file):
    """src/Imaging/Images/Planes.cs belongs to Imaging."""
    return Path(file).parts[1]


def changed(mutation):
    """The source with the wrong change; ends the run where the list no longer fits the sources."""
    text = (ROOT / mutation["file"]).read_text(encoding="utf-8")
    found = text.count(mutation["old"])
    if found != 1:
        sys.exit(f"{mutation['id']}: its text stands {found} times in {mutation['file']}, not once. "
                 f"Bring {LIST.name} up to date.")
    return text.replace(mutation["old"], mutation["new"])


class Compiler:
    """Compiles one project as its build does, with one source exchanged."""

    def __init__(self, project):
        command = ["dotnet", "msbuild", ROOT / "src" / project, "-t:PrepareResources;Compile",
                   "-p:ProvideCommandLineArgs=true", "-p:SkipCompilerExecution=true",
                   # An output that never exists: else the target is skipped where everything is up to date.
                   "-p:NonExistentFile=none",
                   "-p:BuildProjectReferences=false", "-getItem:CscCommandLineArgs"]
        code, text = run(command)
        if code != 0:
            sys.exit(f"The compiler's arguments of {project} can't be found:\n{text}")
        given = [item["Identity"] for item in json.loads(text)["Items"]["CscCommandLineArgs"]]
        # Of the analyzers those that come with .NET write code; the others judge style.
        self.arguments = [a for a in given if not a.startswith(DROPPED)
                          and ("NETCore.App.Ref" in a or not a.startswith("/analyzer:"))]
        self.folder = ROOT / "src" / project
        self.library = next(Path(a.removeprefix("/out:")).name for a in given if a.startswith("/out:"))

    def compile(self, mutation, folder):
        """Makes the library; gives the compiler's words where it can't be."""
        source = folder / Path(mutation["file"]).name
        source.write_text(changed(mutation), encoding="utf-8")
        original = (ROOT / mutation["file"]).resolve()
        library = folder / self.library
        arguments = [str(source) if self.is_file(a, original) else a for a in self.arguments]
        response = folder / "compile.rsp"
        response.write_text("\n".join(f'"{a}"' if " " in a and '"' not in a else a for a in [*arguments, f"/out:{library}"]))
        # A server keeps the compiler warm, for a minute beyond the last use.
        code, text = run(["dotnet", sdk() / "Roslyn" / "bincore" / "csc.dll", "/shared:mssr-mutations", "/keepalive:60",
                          "/noconfig", "/warnaserror-", f"@{response}"], cwd=self.folder)
        return library, None if code == 0 else "\n".join(line for line in text.splitlines() if "error" in line)

    def is_file(self, argument, path):
        return argument.endswith(path.name) and (self.folder / argument).resolve() == path


def test(library, expression, timeout):
    """Runs tests; gives the exit code, the names of those that failed and what was printed."""
    command = ["dotnet", sdk() / "vstest.console.dll", library]
    if expression:
        command.append("--TestCaseFilter:" + "|".join(f"FullyQualifiedName{part}" for part in expression.split("|")))
    environment = os.environ | {"VSTEST_CONNECTION_TIMEOUT": "600", "MSSR_SHARED": NO_SHARED_FOLDER}
    code, text = run([*command, "--", "xUnit.StopOnFail=true"], timeout, env=environment)
    return code, FAILED.findall(text), text


class Workspace:
    """Copies of test projects' output in which one library at a time is exchanged."""

    def __init__(self, folder):
        self.folder = folder
        self.copied = set()

    def library(self, project):
        """A test project's library, in a copy of its output folder made of links."""
        own = self.folder / project
        if project not in self.copied:
            shutil.copytree(ROOT / "tests" / project / "bin" / "Debug" / FRAMEWORK, own, copy_function=os.link)
            self.copied.add(project)
        return own / f"MsSrConvert.{project}.dll"

    def judge(self, mutation, compiler, whole, timeout):
        """Caught, survived or why it wasn't tried, and by what."""
        made, error = compiler.compile(mutation, self.folder)
        if error is not None:
            return "doesn't build", error
        project = mutation["tests"]
        place = self.library(project).parent / made.name
        kept = place.with_suffix(".kept")
        place.rename(kept)
        try:
            shutil.copy(made, place)
            for expression in [mutation["filter"], ""] if whole and mutation["filter"] else [mutation["filter"]]:
                code, failed, text = test(self.library(project), expression, timeout)
                if code is None:
                    return "caught", f"{project}: runs without end"
                if failed:
                    return "caught", failed[0].removeprefix("MsSrConvert.")
                # A run that no test has failed may have been the machine's fault.
                if code != 0:
                    return "not tried", f"{project}: the run broke off: {' '.join(text.split())[-200:]}"
                if "No test matches" in text:
                    return "not tried", f"{project} has no test for the filter '{expression}'"
        finally:
            kept.replace(place)
        return "SURVIVED", mutation["wrong"]


def check_unchanged(mutations, workspace, compilers, timeout):
    """Tests that fail with the unchanged source, compiled the same way, would catch everything."""
    for source, tests in sorted({(project_of(m["file"]), m["tests"]) for m in mutations}):
        own = [m for m in mutations if (project_of(m["file"]), m["tests"]) == (source, tests)]
        filters = {m["filter"] for m in own}
        expression = "" if "" in filters else "|".join(sorted({part for f in filters for part in f.split("|")}))
        nothing = {**own[0], "new": own[0]["old"], "filter": expression}
        result, why = workspace.judge(nothing, compilers[source], False, timeout)
        if result != "SURVIVED":
            sys.exit(f"{tests} doesn't pass with {source} unchanged ({result}: {why}); nothing can be said by it.")
        print(f"unchanged: {tests} passes with {source}", flush=True)


def arguments():
    parser = argparse.ArgumentParser(prog="scripts/mutation-test.sh")
    parser.add_argument("names", nargs="*", help="mutations or test projects; all where none is named")
    parser.add_argument("--no-build", action="store_true", help="the test projects are built already")
    parser.add_argument("--no-baseline", action="store_true", help="don't run the tests on the unchanged product first")
    parser.add_argument("--whole", action="store_true", help="let survivors of their tests meet the whole test project")
    parser.add_argument("--jobs", type=int, default=2, help="mutations tried at a time (default 2)")
    parser.add_argument("--timeout", type=int, default=300, help="seconds after which tests count as endless (default 300)")
    return parser.parse_args()


def chosen(names):
    everything = json.loads(LIST.read_text(encoding="utf-8"))
    known = {m["id"] for m in everything} | {m["tests"] for m in everything}
    if unknown := [n for n in names if n not in known]:
        sys.exit(f"There is no mutation and no test project in the list called {', '.join(unknown)}.")
    return [m for m in everything if not names or m["id"] in names or m["tests"] in names]


def main():
    given = arguments()
    mutations = chosen(given.names)
    for mutation in mutations:
        changed(mutation)
    if not given.no_build:
        for project in sorted({m["tests"] for m in mutations}):
            code, text = run(["dotnet", "build", ROOT / "tests" / project, *BUILD])
            if code != 0:
                sys.exit(f"{project} can't be built:\n{text}")
    shutil.rmtree(WORK, ignore_errors=True)
    spaces = queue.Queue()
    for job in range(given.jobs):
        folder = WORK / f"job{job + 1}"
        folder.mkdir(parents=True)
        spaces.put(Workspace(folder))
    projects = sorted({project_of(m["file"]) for m in mutations})
    with ThreadPoolExecutor(given.jobs) as pool:
        compilers = dict(zip(projects, pool.map(Compiler, projects)))
    if not given.no_baseline:
        space = spaces.get()
        check_unchanged(mutations, space, compilers, 4 * given.timeout)
        spaces.put(space)

    def try_one(mutation):
        space = spaces.get()
        try:
            result = space.judge(mutation, compilers[project_of(mutation["file"])], given.whole, given.timeout)
        finally:
            spaces.put(space)
        print(f"{mutation['id']:26} {result[0]:14} {result[1]}", flush=True)
        return result[0]

    with ThreadPoolExecutor(given.jobs) as pool:
        results = list(pool.map(try_one, mutations))
    counts = {r: results.count(r) for r in ("caught", "SURVIVED", "doesn't build", "not tried")}
    print(f"{len(results)} wrong changes: " + ", ".join(f"{n} {r.lower()}" for r, n in counts.items()))
    return 0 if counts["caught"] == len(results) else 1


if __name__ == "__main__":
    sys.exit(main())
