"""A process that was stopped notices before it writes that others may own its partitions by now."""

from dataclasses import dataclass, field
from time import monotonic
from typing import cast

import pytest

from contracts.clock import WallClock
from contracts.errors import Fatal
from contracts.settings import KafkaSettings
from streams.engine.app import EngineApp
from streams.engine.ownership import Ownership
from tests.streams.engine.toys import Rules

SESSION_SECONDS = 30.0


@dataclass
class Chunks:
    last_heartbeat: float


@dataclass
class App:
    """What the guard asks of the application."""

    chunks: Chunks = field(default_factory=lambda: Chunks(monotonic()))


def served(app: App) -> Ownership:
    kafka = KafkaSettings(bootstrap="kafka:9092", session_timeout_seconds=SESSION_SECONDS)
    ownership = Ownership({}, kafka, Rules(), WallClock(), failed=lambda error: pytest.fail(str(error)))
    ownership.serve(cast("EngineApp", app))
    return ownership


def test_a_process_whose_heartbeats_are_taken_may_write() -> None:
    served(App(Chunks(monotonic() - SESSION_SECONDS / 2))).guard()


def test_a_process_silent_for_longer_than_its_session_may_not() -> None:
    with pytest.raises(Fatal, match="another worker may own these partitions") as raised:
        served(App(Chunks(monotonic() - SESSION_SECONDS - 1))).guard()
    assert raised.value.code == "zombie"
