"""`python -m desk.generate [--check | --release]`."""

import argparse
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from desk.generate.files import RELEASED, broken, generated, release, stale, write
from desk.generate.reference import ROOT


def main() -> int:
    """Write what is generated, or check it; give the exit code."""
    parser = argparse.ArgumentParser(prog="python -m desk.generate", description="Generated schemas and pages.")
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--check", action="store_true", help="list what is stale or breaks a reader; change nothing")
    choice.add_argument("--release", action="store_true", help="make the present schemas the released ones")
    asked = parser.parse_args()
    files = generated()
    if asked.check:
        return check(files)
    _say(f"{path}: written" for path in write(files))
    if asked.release:
        release(files)
        _say([f"{RELEASED}: holds the present schemas"])
    return 0


def check(files: Mapping[Path, str], root: Path = ROOT) -> int:
    """Tell what is stale, and what breaks a reader of the released schemas; give the exit code."""
    old = [f"{path}: is stale; run `python -m desk.generate`" for path in stale(files, root)]
    breaking = broken(files, root)
    _say([*old, *breaking])
    if breaking:
        _say(["give a changed event a new type (`….v2`) beside the old one, or, at a release, say so in the changelog"])
    return 1 if old or breaking else 0


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
