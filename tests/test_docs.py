"""The documentation speaks of what is there."""

import re
from pathlib import Path

import pytest
import yaml

from connectors import registry
from contracts.settings import Settings
from desk.commands import COMMANDS

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"\]\(([^)#]+)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_link_leads_nowhere(page: Path) -> None:
    links = [link for link in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in link]
    broken = [link for link in links if not (page.parent / link).exists()]
    assert not broken


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_says_all_that_it_is_to_say(page: Path) -> None:
    """A new connector's page, as `quayside connectors new` writes it, says where its author's words are missing."""
    lines = enumerate(page.read_text(encoding="utf-8").splitlines(), 1)
    missing = [f"{page.relative_to(ROOT)}:{number}: {line}" for number, line in lines if "not written yet" in line]
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("folder", ["how-to", "decisions"])
def test_each_page_of_a_folder_is_listed_once(folder: str) -> None:
    pages = {page.name for page in (ROOT / "docs" / folder).glob("*.md")} - {"README.md"}
    listed = LINK.findall((ROOT / "docs" / folder / "README.md").read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(pages)


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_the_readme_lists_the_commands_that_there_are(page: str) -> None:
    listed = re.findall(r"^\| `quayside ([a-z-]+)", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE)
    assert set(listed) == set(COMMANDS)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_make_target_that_is_mentioned_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    mentioned = re.findall(r"(?:^    |`)make ([a-z-]+)", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(mentioned) <= targets


def test_every_file_that_a_webhook_passes_exists() -> None:
    """A file named by its name alone stands in the folder of the row's first."""
    page = (ROOT / "docs" / "explanation" / "way-of-a-webhook.md").read_text(encoding="utf-8")
    rows = [re.findall(r"`([^`]+)`", cell) for cell in re.findall(r"^\| (`[^|]+) \|", page, re.MULTILINE)]
    assert len(rows) > 10
    named = [(Path(first).parent, name) for first, *others in rows for name in (first, *others)]
    paths = [Path(name) if "/" in name.removesuffix("/") else folder / name for folder, name in named]
    missing = [str(path) for path in paths if not (ROOT / path).exists()]
    assert not missing


def test_the_configuration_that_is_shown_is_one() -> None:
    page = (ROOT / "docs" / "how-to" / "configure.md").read_text(encoding="utf-8")
    (sample,) = re.findall(r"^```yaml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    settings = Settings.model_validate(yaml.safe_load(sample))
    for accounts, known in (
        (settings.sources, registry.SOURCES),
        (settings.pollers, registry.POLLERS),
        (settings.targets, registry.TARGETS),
    ):
        assert {account.connector for account in accounts} <= set(known)
