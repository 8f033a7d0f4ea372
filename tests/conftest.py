"""What all tests share."""

from pathlib import Path

import pytest

pytest_plugins = ["pytester", "tests.strict_skips"]

SYSTEMS = Path(__file__).parent / "systems"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test is marked by what it uses, so that none can forget to say so."""
    for item in items:
        if SYSTEMS in item.path.parents:
            item.add_marker(pytest.mark.systems)
        elif "broker" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.broker)
