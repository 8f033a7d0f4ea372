"""All files of a new connector, or nothing: what exists is refused before anything is written."""

from collections.abc import Iterable
from datetime import date
from importlib.resources import files
from pathlib import Path
from string import Template

from connectors.registry import POLLERS, SOURCES, TARGETS
from contracts.errors import Rejected
from desk.scaffold.kinds import KINDS, PAGE, Kind
from desk.scaffold.listing import with_connector, with_page
from desk.scaffold.naming import Name, named

REGISTRY = Path("connectors", "registry.py")
PAGES = Path("docs", "how-to", "README.md")
_TEMPLATES = files("desk.scaffold") / "templates"
_MARK = 'name = "quayside"'


def checkout(folder: Path) -> Path:
    """Find the checkout in which a folder lies; raises Rejected where it lies in none."""
    for place in (folder, *folder.parents):
        project = place / "pyproject.toml"
        if project.is_file() and _MARK in project.read_text(encoding="utf-8").splitlines():
            return place
    raise Rejected(f"{folder} lies in no checkout of Quayside: a connector is added to its source", code="no_checkout")


def write_connector(root: Path, text: str, kind: Kind, today: date) -> list[Path]:
    """Write a connector's first files and list it, in the registry and among the pages; give their paths from `root`.

    Raises Rejected where the name cannot be one, or is another connector's, or one of the files is there.
    """
    name = named(text)
    _refuse_taken(name, root)
    written = {
        _path(path, name): _filled(f"{kind}/{template}", name, today) for path, template in KINDS[kind].files.items()
    }
    there = [path for path in written if (root / path).exists()]
    if there:
        raise Rejected(f"{_list(there)} is there already; nothing was written", code="exists")
    written |= _listings(root, name, kind)
    for path, content in written.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(content, encoding="utf-8")
    return list(written)


def told(text: str, kind: Kind) -> str:
    """Say what comes next."""
    parts, name = KINDS[kind], named(text)
    tests = f"{_path(parts.test, name)} tests/test_docs.py"
    return (
        f"Next: {parts.next_step}; {parts.guide} leads through it.\n"
        f'`make check ARGS="{tests}"` says what is missing, until nothing is.'
    )


def _listings(root: Path, name: Name, kind: Kind) -> dict[Path, str]:
    parts, page = KINDS[kind], _path(PAGE, name).name
    registry, pages = ((root / path).read_text(encoding="utf-8") for path in (REGISTRY, PAGES))
    module = f"{parts.package}.{name.module}"
    return {
        REGISTRY: with_connector(registry, parts.listed, module, name.constant),
        PAGES: with_page(pages, page, f"connect {name.title}", parts.page_behind),
    }


def _refuse_taken(name: Name, root: Path) -> None:
    listing = (root / REGISTRY).read_text(encoding="utf-8")
    taken = name.name in {*SOURCES, *POLLERS, *TARGETS} or f"import {name.constant}\n" in listing
    if taken:
        raise Rejected(f"a connector is called {name.name!r} already; nothing was written", code="exists")


def _path(path: str, name: Name) -> Path:
    return Path(path.format(module=name.module, name=name.name))


def _filled(template: str, name: Name, today: date) -> str:
    text = (_TEMPLATES / f"{template}.txt").read_text(encoding="utf-8")
    return Template(text).substitute(
        name=name.name,
        module=name.module,
        constant=name.constant,
        camel=name.camel,
        title=name.title,
        today=f"{today.year}, {today.month}, {today.day}",
    )


def _list(paths: Iterable[Path]) -> str:
    return ", ".join(path.as_posix() for path in paths)
