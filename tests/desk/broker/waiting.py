"""Waiting for a condition, and saying which one did not come."""

import time
from collections.abc import Callable

import psutil

PATIENCE_SECONDS = 40.0


def until(condition: Callable[[], bool], what: str) -> None:
    """Return as soon as the condition holds; fail the test when it does not within the patience."""
    patience = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < patience, f"in vain: waited {PATIENCE_SECONDS:.0f} s until {what}"
        time.sleep(0.02)


def has_ended(process: psutil.Process) -> bool:
    """Whether a process is over, collected or not: in a container nobody may collect orphans."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
