"""`make mutants`: changes the detection in many small ways, one at a time, and counts how many the tests notice.

A sample, drawn by a seed: all of them take hours. What survives is named, to be looked at: a missing test, or a change
that changes nothing. Run outside CI.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

HERE = Path(__file__).parents[1]
COPIED = ("contracts", "mappings", "connectors", "streams", "desk", "tests", "docs", "docker", "benchmarks")
FILES = ("pyproject.toml", "README.md", "README.zh-CN.md", "Makefile", "requirements.txt")
CONFIGURATION = """

[tool.mutmut]
source_paths = ["streams/detection/"]
also_copy = {copied}
pytest_add_cli_args_test_selection = {judging}
"""
JUDGING = ["tests/streams/detection", "tests/streams/delivery", "tests/streams/stages", "tests/cases"]
"""The tests that say what is found, and when."""
SURVIVED = {None, 0, 5, 33}
"""What mutmut keeps of a mutant that no test noticed: never run, passed, or no test reaches it (pytest's own code, and
mutmut's)."""


def main() -> int:
    """Draw a sample, run it, and tell; the exit code is 1 where fewer than the wanted share were noticed."""
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("--sample", type=int, default=400, help="how many mutants")
    parser.add_argument("--seed", type=int, default=1, help="which ones")
    parser.add_argument("--wanted", type=float, default=90.0, help="percent that are to be noticed")
    parser.add_argument("--folder", type=Path, default=HERE / "build" / "mutants", help="where copies are changed")
    asked = parser.parse_args()
    _copy(asked.folder)
    _mutmut(asked.folder, "nothing-yet", check=False)
    names = sorted(_results(asked.folder))
    sample = random.Random(asked.seed).sample(names, min(asked.sample, len(names)))
    print(f"{len(names)} mutants; {len(sample)} of them drawn by seed {asked.seed}", flush=True)
    _mutmut(asked.folder, *sample, check=True)
    return _tell({name: code for name, code in _results(asked.folder).items() if name in set(sample)}, asked.wanted)


def _copy(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in COPIED:
        shutil.copytree(HERE / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(HERE / name, folder / name)
    with (folder / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write(CONFIGURATION.format(copied=json.dumps([*COPIED, *FILES]), judging=json.dumps(JUDGING)))


def _mutmut(folder: Path, *names: str, check: bool) -> None:
    """Run some mutants; without any that exists mutmut makes them all and ends with an error, which is not ours."""
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", str(os.cpu_count() or 1), *names]
    with (folder / "mutmut.log").open("a", encoding="utf-8") as log:
        ended = subprocess.run(command, cwd=folder, stdout=log, stderr=subprocess.STDOUT, check=False)
    if check and ended.returncode:
        sys.exit(f"mutmut ended with {ended.returncode}: see {folder / 'mutmut.log'}")


def _results(folder: Path) -> dict[str, int | None]:
    found: dict[str, int | None] = {}
    for file in sorted(folder.glob("mutants/**/*.meta")):
        found |= json.loads(file.read_text(encoding="utf-8"))["exit_code_by_key"]
    return found


def _tell(results: dict[str, int | None], wanted: float) -> int:
    noticed = [name for name, code in results.items() if code not in SURVIVED]
    modules = Counter(name.rpartition(".x")[0] for name in results)
    kept = Counter(name.rpartition(".x")[0] for name in noticed)
    for module, count in sorted(modules.items()):
        print(f"  {module:40} {kept[module]:>4} of {count:>4}")
    for name, code in sorted(results.items()):
        if name not in set(noticed):
            print(f"  survived: {name}" + ("" if code == 0 else f" (exit code {code}: no test reaches it)"))
    share = 100 * len(noticed) / len(results)
    print(f"{len(noticed)} of {len(results)} mutants were noticed: {share:.1f} %")
    return int(share < wanted)


if __name__ == "__main__":
    sys.exit(main())
