"""What tests tell of themselves, at the end of the run: it travels with their reports, so from other processes too."""

import pytest

TOLD = "told"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show it, whatever became of the test."""
    reports = [report for each in terminalreporter.stats.values() for report in each]
    told = [what for report in reports for name, what in getattr(report, "user_properties", ()) if name == TOLD]
    if told:
        terminalreporter.section("faults")
    for line in dict.fromkeys(told):
        terminalreporter.write_line(line)
