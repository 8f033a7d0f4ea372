"""The real systems, once for a test run. When one cannot be set up, its tests fail; they are never skipped."""

from collections.abc import Iterator

import pytest

from tests.systems.processes import Say
from tests.systems.redmine.running import Redmine, redmine_in
from tests.systems.request_tracker.running import RequestTracker, request_tracker_in
from tests.systems.tryton.running import Tryton, tryton_in

SET_UP_SECONDS = 600


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The first test pays for the set-up from nothing, so all get the time for it."""
    for item in items:
        if item.get_closest_marker("systems") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(SET_UP_SECONDS))


@pytest.fixture(scope="session")
def say(request: pytest.FixtureRequest) -> Say:
    """Show progress while a system is set up, past pytest's capture."""
    capture = request.config.pluginmanager.getplugin("capturemanager")
    reporter = request.config.pluginmanager.getplugin("terminalreporter")

    def show(line: str) -> None:
        with capture.global_and_fixture_disabled():
            reporter.write_line(f"  {line}")

    return show


@pytest.fixture(scope="session")
def tryton(tmp_path_factory: pytest.TempPathFactory, say: Say) -> Iterator[Tryton]:
    """Tryton 8.2 with the company of tests/systems/tryton/company.py, its database fresh for this run."""
    with tryton_in(tmp_path_factory.mktemp("tryton"), say) as running:
        yield running


@pytest.fixture(scope="session")
def request_tracker(tmp_path_factory: pytest.TempPathFactory, say: Say) -> Iterator[RequestTracker]:
    """Request Tracker 5 with the queue of tests/systems/request_tracker/queue.pl, its database fresh for this run."""
    with request_tracker_in(tmp_path_factory.mktemp("request-tracker"), say) as running:
        yield running


@pytest.fixture(scope="session")
def redmine(tmp_path_factory: pytest.TempPathFactory, say: Say) -> Iterator[Redmine]:
    """Redmine 5 with the projects of tests/systems/redmine/deliveries.rb, its database fresh for this run."""
    with redmine_in(tmp_path_factory.mktemp("redmine"), say) as running:
        yield running
