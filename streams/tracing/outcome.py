"""What may become of an input."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What may become of an input, the gravest first."""

    DEAD_LETTERED = "dead-lettered"
    WAITING = "waiting"
    APPLIED = "applied"
    SUPERSEDED = "superseded"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of it, and why in a few words."""

    outcome: Outcome
    why: str = ""
