"""When anything happens in a drawn day: at a step, and nothing between two."""

from datetime import datetime, timedelta
from typing import NamedTuple

from hypothesis import strategies as st

from contracts.model import Contract
from tests.streams.way import START

STEP = timedelta(minutes=30)
STEPS = 44


def step(count: int) -> datetime:
    return START + count * STEP


class Told(NamedTuple):
    """An input, and the step at which it is received."""

    event: Contract
    received: int


instants = st.integers(0, 30).map(step)


def received(events: st.SearchStrategy[Contract]) -> st.SearchStrategy[Told]:
    return st.builds(Told, events, st.integers(0, 36))
