"""What all tests share."""

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import hypothesis
import pytest

from desk.broker import Broker, running_broker

pytest_plugins = ["pytester", "tests.strict_skips", "tests.telling"]
# What is inherited is no test module itself, and yet its assertions are to show what they compared.
pytest.register_assert_rewrite(
    "tests.connectors.conformance", "tests.connectors.source_conformance", "tests.connectors.target_conformance"
)

TESTS = Path(__file__).parent
SYSTEMS = TESTS / "systems"
CONNECTORS = [TESTS / "connectors" / kind for kind in ("sources", "pollers", "targets")]
EXAMPLES = {
    "test_cloudevents.py",
    "test_easypost.py",
    "test_kuaidi100.py",
    "test_sample_file.py",
    "test_ticket_desk.py",
    "test_tryton.py",
}
"""One connector of each sort is enough while people type; the others' suites, thousands of requests, wait for
`make test`, or for being named."""

# No deadline for an example: a busy machine is not a wrong answer.
hypothesis.settings.register_profile("quick", max_examples=12, deadline=None, print_blob=True)
hypothesis.settings.register_profile("thorough", max_examples=200, deadline=None, print_blob=True)
hypothesis.settings.load_profile("quick")


def pytest_configure() -> None:
    """What a developer's shell says of their own broker and settings is not for the tests."""
    for name in [name for name in os.environ if name.startswith("QUAYSIDE_") and name != "QUAYSIDE_STRICT"]:
        del os.environ[name]


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """What would be left out test by test is not even read."""
    return True if "not slow" in config.option.markexpr and _waits(collection_path, config) else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A test is marked by what it uses, so that none can forget to say so."""
    for item in items:
        if _waits(item.path, config):
            item.add_marker(pytest.mark.slow)
        if SYSTEMS in item.path.parents:
            item.add_marker(pytest.mark.systems)
        elif "broker" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.broker)


def _waits(path: Path, config: pytest.Config) -> bool:
    """Whether it is a connector's suite that stands for no others, and is not asked for by name."""
    if path.parent not in CONNECTORS or path.suffix != ".py" or path.name in EXAMPLES:
        return False
    return _named(tuple(config.args)).isdisjoint({path, *path.parents})


@cache
def _named(arguments: tuple[str, ...]) -> frozenset[Path]:
    named = {Path(argument.partition("::")[0]).resolve() for argument in arguments}
    return frozenset(named - {TESTS, TESTS.parent})


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """The one Kafka of a test process; a test that stops or kills a broker starts its own."""
    with running_broker(tmp_path_factory.mktemp("kafka")) as running:
        yield running
