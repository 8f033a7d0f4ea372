"""A suite is a hundred requests over HTTP. While people type, one target's is enough; `make test` runs all."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent
ALWAYS = HERE / "test_ticket_desk.py"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents and item.path != ALWAYS:
            item.add_marker(pytest.mark.slow)
