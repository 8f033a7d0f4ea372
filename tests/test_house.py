"""The house stands by itself: our package names are ours, and what it is built from is pinned."""

import re
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parents[1]
PROJECT: dict[str, Any] = tomllib.loads(ROOT.joinpath("pyproject.toml").read_text(encoding="utf-8"))
OUR_PACKAGES: list[str] = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
PINNED = ["requirements.txt", "requirements-dev.txt", "requirements-bench.txt"]
A_PIN = re.compile(r"[a-z0-9-]+==[0-9a-z.]+( ; [^#]+)?( +# via .+)?")


def pinned(file: str) -> dict[str, str]:
    """Name and version of each pin."""
    lines = ROOT.joinpath(file).read_text(encoding="utf-8").splitlines()
    wrong = [line for line in lines if line and not line.startswith("#") and not A_PIN.fullmatch(line)]
    assert not wrong, f"{file}: neither a pin nor a comment; an address would tie it to one machine"
    return dict(line.split()[0].split("==") for line in lines if "==" in line)


@pytest.mark.parametrize("package", OUR_PACKAGES)
def test_no_other_distribution_owns_our_package(package: str) -> None:
    owners = set(packages_distributions().get(package, [])) - {"quayside"}
    assert owners == set(), f"{owners} installs a top-level package {package!r} and would hide ours"


@pytest.mark.parametrize("file", PINNED)
def test_every_requirement_is_one_exact_version_and_no_address(file: str) -> None:
    assert pinned(file)


def test_every_dependency_is_pinned() -> None:
    project = PROJECT["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["local"]]
    names = {re.split(r"[^A-Za-z0-9-]", wish)[0].lower() for wish in wanted}
    assert names <= set(pinned("requirements.txt"))


def test_what_runs_and_what_tests_agree_on_versions() -> None:
    runtime, tests = pinned("requirements.txt"), pinned("requirements-dev.txt")
    assert {name: tests[name] for name in runtime.keys() & tests.keys()} == {
        name: runtime[name] for name in runtime.keys() & tests.keys()
    }


def test_what_is_installed_has_every_file_of_the_packages() -> None:
    """Texts, templates, schemas and checksums too: an editable installation would hide that one lacks."""
    built = {file.relative_path for file in WheelBuilder(str(ROOT)).recurse_included_files()}
    there = {
        str(path.relative_to(ROOT))
        for package in OUR_PACKAGES
        for path in ROOT.joinpath(package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert there - built == set()


def test_the_engine_runs_on_the_versions_it_was_measured_on() -> None:
    runtime = pinned("requirements.txt")
    assert (runtime["faust-streaming"], runtime["aiokafka"]) == ("0.15.3", "0.14.0")
