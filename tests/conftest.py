"""What all tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.broker import Broker, running_broker

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


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """The one Kafka of the whole run; a test that stops or kills a broker starts its own."""
    with running_broker(tmp_path_factory.mktemp("kafka")) as running:
        yield running
