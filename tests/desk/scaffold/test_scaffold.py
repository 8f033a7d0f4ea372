"""A connector's first files: in a copy of this checkout they pass lint, and their tests say what is missing."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import pytest

from contracts.errors import Rejected
from desk.scaffold.kinds import KINDS, Kind
from desk.scaffold.listing import with_connector, with_page
from desk.scaffold.naming import LONGEST, named
from desk.scaffold.writing import PAGES, REGISTRY, checkout, told, write_connector

# The first test that takes `begun` waits for three connectors, on a machine that may be busy.
pytestmark = pytest.mark.timeout(400)

ROOT = Path(__file__).parents[3]
WRITTEN_TO = ("contracts", "mappings", "connectors", "tests/connectors", "tests/fakes", "docs/how-to")
ALL = ("contracts", "mappings", "connectors", "streams", "desk", "tests", "docs")
TODAY = date(2026, 11, 21)
NAMES: dict[Kind, str] = {"source": "acme-parcel", "poller": "acme-erp", "target": "acme-desk"}
LONG_NAMES: dict[Kind, str] = {kind: kind.ljust(LONGEST, "x") for kind in KINDS}
SOME = "whole_table or is_listed or says_what_was_reviewed or told_once or can_say_something"
"""Tests that ask for what stands nowhere yet; the others would say the same."""


ASKED = """
import httpx
from tests.fakes.acme_desk import AcmeDesk, app_of

async def test_it():
    desk = AcmeDesk()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app_of(desk)), base_url="http://desk") as client:
        assert (await client.get("/tickets")).status_code == 501
        assert (await client.post("/tickets", json={"title": "late"})).status_code == 501
    assert len(desk.mistakes) == 1
    assert "create $" in desk.mistakes[0] and "title" in desk.mistakes[0]
"""


def copied(root: Path, folders: Iterable[str]) -> Path:
    for folder in folders:
        # With what Python has compiled already, which is taken as long as its source has the same time and size.
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("*-pytest-*.pyc"))
    for file in (ROOT / "pyproject.toml", ROOT / "Makefile", *ROOT.glob("*.md")):
        shutil.copy(file, root / file.name)
    return root


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of what is written to, with a connector of each kind more, and one with the longest name."""
    root = copied(tmp_path_factory.mktemp("checkout"), WRITTEN_TO)
    for kind, name in (*NAMES.items(), *LONG_NAMES.items()):
        write_connector(root, name, kind, TODAY)
    yield root
    shutil.rmtree(root)


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of the checkout in which a connector of each kind was begun by the command."""
    root = copied(tmp_path_factory.mktemp("begun"), ALL)
    for kind, name in NAMES.items():
        code, said = run(root, "desk", "connectors", "new", name, "--kind", kind)
        assert code == 0, said
        assert f"docs/how-to/{name}.md: written" in said
        assert "docs/reference/connectors.md: written" in said
    yield root
    shutil.rmtree(root)


def run(root: Path, *arguments: str) -> tuple[int, str]:
    """Run a program of this environment in a copy; give its exit code and what it said."""
    environment = {**os.environ, "PYTHONPATH": str(root), "COLUMNS": "400"}
    command = [sys.executable, "-m", *arguments]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def written(root: Path) -> list[str]:
    paths = [
        path.format(module=named(names[kind]).module, name=names[kind])
        for names in (NAMES, LONG_NAMES)
        for kind, parts in KINDS.items()
        for path in parts.files
    ]
    assert all((root / path).is_file() for path in paths)
    return [path for path in [*paths, str(REGISTRY)] if path.endswith(".py")]


@pytest.mark.slow
def test_what_is_written_is_styled_as_everything_else_however_long_its_name(copy: Path) -> None:
    for arguments in (("check",), ("format", "--check")):
        code, said = run(copy, "ruff", *arguments, *written(copy))
        assert code == 0, said


@pytest.mark.slow
def test_a_new_target_s_fake_answers_nothing_and_notes_what_no_page_describes(begun: Path) -> None:
    (begun / "tests" / "fakes" / "test_begun.py").write_text(ASKED, encoding="utf-8")
    code, said = run(begun, "pytest", "-q", "-p", "no:cacheprovider", "tests/fakes/test_begun.py")
    assert code == 0, said


@pytest.mark.slow
def test_the_tests_of_new_connectors_fail_and_say_what_is_missing(begun: Path) -> None:
    tests = [f"tests/connectors/{kind}s/test_{named(name).module}.py" for kind, name in NAMES.items()]
    code, said = run(begun, "pytest", "-q", "--tb=line", "-p", "no:cacheprovider", "-k", SOME, *tests)
    assert code == pytest.ExitCode.TESTS_FAILED, said
    for sentence in (
        "tests/mappings/*/acme-parcel holds no payload yet: write X.json after the vendor's pages",
        "documentation: the vendor's pages",
        "conformance.toml: [codes] and codes.tsv is missing; or say in [not_applicable] why codes is none",
        "give a system to poll: tests/fakes/acme_erp.py, or a real one",
        "give a system to write to: tests/fakes/acme_desk.py, or a real one",
    ):
        assert sentence in said, sentence


@pytest.mark.slow
def test_the_documentation_of_a_checkout_fails_where_a_new_page_is_to_be_written_and_nowhere_else(begun: Path) -> None:
    """Its links lead somewhere, it is listed, its commands exist: that is shown by the same tests, which pass."""
    which = " or ".join(["of_a_folder", *NAMES.values()])
    code, said = run(begun, "pytest", "-q", "--tb=short", "-p", "no:cacheprovider", "-k", which, "tests/test_docs.py")
    assert code == pytest.ExitCode.TESTS_FAILED, said
    failed = re.findall(r"^FAILED tests/test_docs\.py::(\w+)\[docs/how-to/(.+)\.md\]", said, re.MULTILINE)
    assert sorted(failed) == sorted(("test_a_page_says_all_that_it_is_to_say", name) for name in NAMES.values())
    for name in NAMES.values():
        assert re.search(rf"docs/how-to/{name}\.md:\d+: .*not written yet", said), said


@pytest.mark.slow
def test_what_is_generated_is_fresh_after_the_command_and_stale_with_the_first_page_that_is_named(begun: Path) -> None:
    code, said = run(begun, "desk.generate", "--check")
    assert (code, said) == (0, "")
    shown = (begun / "docs" / "reference" / "connectors.md").read_text(encoding="utf-8")
    for kind, name in NAMES.items():
        test = f"tests/connectors/{kind}s/test_{named(name).module}.py"
        assert re.search(rf"^\| `{name}` \| {named(name).title} \| `unproven` \|.*`{test}`", shown, re.MULTILINE), name
        record = begun / "connectors" / f"{kind}s" / f"{named(name).module}.py"
        written = record.read_text(encoding="utf-8")
        page = written.replace("documentation=()", 'documentation=("https://vendor.example/docs",)')
        record.write_text(page, encoding="utf-8")
    code, said = run(begun, "desk.generate", "--check")
    assert code == 1
    assert "docs/reference/connectors.md: is stale; run `python -m desk.generate`" in said


def test_a_name_that_is_taken_is_refused_and_nothing_is_written(copy: Path) -> None:
    before = (copy / REGISTRY).read_text(encoding="utf-8")
    for name in ("acme-parcel", "acme-erp", "kuaidi100", "tryton", "ticket-desk"):
        for kind in KINDS:
            with pytest.raises(Rejected, match=f"a connector is called '{name}' already"):
                write_connector(copy, name, kind, TODAY)
    assert (copy / REGISTRY).read_text(encoding="utf-8") == before


def test_a_file_that_is_there_is_not_written_over(copy: Path) -> None:
    mine = copy / "mappings" / "carriers" / "mine.py"
    mine.write_text("# mine", encoding="utf-8")
    with pytest.raises(Rejected, match=r"mappings/carriers/mine\.py is there already; nothing was written"):
        write_connector(copy, "mine", "source", TODAY)
    assert mine.read_text(encoding="utf-8") == "# mine"
    assert not (copy / "connectors" / "sources" / "mine.py").exists()
    mine.unlink()


@pytest.mark.parametrize("name", ["", "Acme", "17track", "a_b", "-a", "a-", "a--b", "a b", "../x", "class", "a" * 21])
def test_what_cannot_be_a_name_is_refused(name: str) -> None:
    with pytest.raises(Rejected, match="expected lower case letters"):
        named(name)


def test_outside_of_a_checkout_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(Rejected, match="lies in no checkout of Quayside"):
        checkout(tmp_path)
    assert checkout(ROOT / "docs") == ROOT


def test_what_comes_next_is_told() -> None:
    then, check = told("acme-parcel", "source").splitlines()
    assert then.endswith("docs/how-to/add-a-carrier.md leads through it.")
    assert 'ARGS="tests/connectors/sources/test_acme_parcel.py tests/test_docs.py"` says what is missing' in check
    for parts in KINDS.values():
        assert (ROOT / parts.guide).is_file()


def test_a_page_is_listed_once_behind_those_of_its_kind(copy: Path) -> None:
    listing = (copy / PAGES).read_text(encoding="utf-8")
    for kind, name in NAMES.items():
        above, _, below = listing.partition(f"- [connect {named(name).title}]({name}.md)\n")
        assert f"]({KINDS[kind].page_behind})\n" in above
        assert below
        with pytest.raises(Rejected, match=rf"lists {name}\.md already"):
            with_page(listing, f"{name}.md", "connect it", KINDS[kind].page_behind)
    with pytest.raises(Rejected, match=r"does not list nobody\.md"):
        with_page(listing, "other.md", "connect it", "nobody.md")


def test_the_registry_stays_sorted_and_breaks_its_lines_where_they_grow_too_long() -> None:
    registry = (
        "from connectors.sources.kuaidi100 import KUAIDI100\n"
        "from contracts.connector import Source\n\n"
        "SOURCES: Mapping[str, Source] = _by_name(KUAIDI100)\n"
    )
    more = with_connector(registry, "SOURCES", "connectors.sources.acme", "ACME")
    assert more.startswith("from connectors.sources.acme import ACME\nfrom connectors.sources.kuaidi100 import")
    assert "_by_name(ACME, KUAIDI100)" in more
    for letter in "BCDEFGH":
        more = with_connector(more, "SOURCES", f"connectors.sources.{letter.lower()}", letter * 12)
    assert "_by_name(\n    ACME,\n    BBBBBBBBBBBB,\n" in more
    with pytest.raises(Rejected, match="has no list TARGETS"):
        with_connector(registry, "TARGETS", "connectors.targets.acme", "ACME")
