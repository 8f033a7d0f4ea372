"""What the crash tests measured is shown at the end of the run, also when all went well."""

from collections.abc import Callable

import pytest

_TOLD = pytest.StashKey[list[str]]()

Tell = Callable[[str], None]


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Tell:
    """Say something of this test at the end of the run: a seed, losses, repeats."""
    told = request.config.stash.setdefault(_TOLD, [])
    return lambda what: told.append(f"{request.node.name}: {what}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    told = config.stash.get(_TOLD, [])
    if told:
        terminalreporter.section("faults")
    for line in told:
        terminalreporter.write_line(line)
