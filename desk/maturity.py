"""How far a connector is proven: computed from its suite and its fixtures, and never typed by hand.

`desk.generate.evidence` finds the evidence in a checkout, and it is kept in `evidence.json` beside this module, since
what is installed has no tests; `make lint` fails where that file is stale.
"""

from collections.abc import Iterable
from enum import StrEnum
from importlib.resources import files

from pydantic import Field, TypeAdapter

from connectors.registry import POLLERS, SOURCES, TARGETS, TRACKERS
from contracts.connector import Poller, Source, Target
from contracts.model import Contract

FILE = "evidence.json"
Record = Source | Poller | Target


class Maturity(StrEnum):
    """On what a connector's suite runs, from nothing to the system itself.

    unproven: no suite runs over it, or on nothing yet. documented: on payloads, or a fake, written from the vendor's
    pages. recorded: on payloads that a sandbox of the vendor's sent. real: on the system itself.
    """

    UNPROVEN = "unproven"
    DOCUMENTED = "documented"
    RECORDED = "recorded"
    REAL = "real"


class Evidence(Contract):
    """What stands in a checkout about one connector.

    kind: source, poller, target or tracker. pages: whether its record names the pages that it follows. suite: the test
    module that inherits its suite. fixtures: payloads with reviewed events; recorded: how many of them were recorded.
    real: what the suite runs on, where that is the system itself. left_out: clauses that do not apply, each with its
    reason.
    """

    kind: str
    name: str
    pages: bool = True
    suite: str = ""
    fixtures: int = 0
    recorded: int = 0
    real: str = ""
    left_out: dict[str, str] = Field(default_factory=dict)

    @property
    def maturity(self) -> Maturity:
        """Judge it: a suite proves nothing where nothing that it runs on follows a page."""
        if not self.suite or not self.pages or (self.kind == "source" and not self.fixtures):
            return Maturity.UNPROVEN
        if self.real:
            return Maturity.REAL
        return Maturity.RECORDED if self.recorded else Maturity.DOCUMENTED


_ALL = TypeAdapter(tuple[Evidence, ...])


def records() -> list[tuple[str, str, Record]]:
    """Give every connector: kind, name, and the record that has its title and pages."""
    found: list[tuple[str, str, Record]] = [("source", name, source) for name, source in SOURCES.items()]
    found += [("poller", name, poller) for name, poller in POLLERS.items()]
    found += [("target", name, target) for name, target in TARGETS.items()]
    found += [("tracker", name, tracker.target) for name, tracker in TRACKERS.items()]
    return found


def read_evidence() -> dict[tuple[str, str], Evidence]:
    """Give the evidence of every connector, by kind and name."""
    stored = (files("desk") / FILE).read_bytes()
    return {(one.kind, one.name): one for one in _ALL.validate_json(stored)}


def write_evidence(found: Iterable[Evidence]) -> str:
    """Write it as the file holds it."""
    return _ALL.dump_json(tuple(found), indent=2, exclude_defaults=True).decode() + "\n"
