"""Every configuration that the documentation and the containers show is one."""

import re
from pathlib import Path

import pytest

from connectors.registry import POLLERS, SOURCES, TARGETS, TRACKERS
from desk.configuration import meaning
from tests.desk.configuration.conftest import Read

ROOT = Path(__file__).parents[3]
SAMPLE = re.compile(r"^```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)
SHOWN = {
    f"{page.relative_to(ROOT)} {position}": sample
    for page in sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
    for position, sample in enumerate(SAMPLE.findall(page.read_text("utf-8")), 1)
}
SHIPPED = {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in [ROOT / "docker" / "quayside.yaml"]}


@pytest.fixture(autouse=True)
def every_connector(bare_environment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is shown is judged with all the connectors that there are."""
    del bare_environment  # which leaves three of them
    known = {"sources": SOURCES, "pollers": POLLERS, "targets": TARGETS, "trackers": TRACKERS}
    monkeypatch.setattr(meaning, "CONNECTORS", known)


@pytest.mark.parametrize("sample", [*SHOWN.values(), *SHIPPED.values()], ids=[*SHOWN, *SHIPPED])
def test_a_configuration_that_is_shown_has_no_mistake(read: Read, sample: str) -> None:
    assert [str(mistake) for mistake in read(sample).mistakes] == []


def test_the_documentation_shows_a_configuration() -> None:
    assert "docs/how-to/configure.md 1" in SHOWN
