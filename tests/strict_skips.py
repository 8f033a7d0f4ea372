"""Under CI a skipped test is a failure, unless tests/allowed_skips.txt lists it with a reason.

Quietly skipped tests are how a suite stops testing. `CI=true` or `QUAYSIDE_STRICT=1` turns this on.
Each line of the list is `nodeid pattern  # reason`, where the pattern is a shell-style wildcard.
"""

import os
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

ALLOWED = Path("tests", "allowed_skips.txt")


def is_strict() -> bool:
    return os.environ.get("CI", "").lower() in {"1", "true"} or os.environ.get("QUAYSIDE_STRICT") == "1"


def read_allowed(path: Path) -> list[str]:
    """The patterns in `path`; none when there is no such file.

    Raises:
        pytest.UsageError: a pattern stands there without its reason.
    """
    if not path.exists():
        return []
    patterns = []
    for line in path.read_text(encoding="utf-8").splitlines():
        pattern, _, reason = line.partition("#")
        if pattern.strip() and not reason.strip():
            message = f"{path}: {pattern.strip()!r} has no reason; write one after '#'"
            raise pytest.UsageError(message)
        if pattern.strip():
            patterns.append(pattern.strip())
    return patterns


@dataclass(eq=False)  # pytest keeps its plugins in sets
class StrictSkips:
    """Collects skips that nobody has agreed to, and fails the run for them."""

    allowed: list[str]
    unlisted: dict[str, str] = field(default_factory=dict)

    @pytest.hookimpl
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._note(report)

    @pytest.hookimpl
    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._note(report)

    def _note(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        expected_failure = hasattr(report, "wasxfail")
        if not report.skipped or expected_failure:
            return
        if not any(fnmatchcase(report.nodeid, pattern) for pattern in self.allowed):
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
            self.unlisted[report.nodeid] = reason

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        if self.unlisted and exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for nodeid, reason in self.unlisted.items():
            terminalreporter.write_line(f"SKIP NOT ALLOWED {nodeid}: {reason}", red=True)


def pytest_configure(config: pytest.Config) -> None:
    if is_strict():
        config.pluginmanager.register(StrictSkips(read_allowed(config.rootpath / ALLOWED)), "strict-skips")
