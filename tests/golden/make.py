"""Writes the golden files anew: `python -m tests.golden.make`, after FOLD_VERSION or a state format grew.

Files of older formats stay: `states-N.json` holds what the Nth set of state formats wrote. A new set gets a new file.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from contracts.clock import Clock
from contracts.documents import IssueState
from contracts.feedback import FeedbackOutcome, TaskFeedback
from contracts.identity import key
from contracts.model import Contract
from contracts.service import ServiceCase
from contracts.snapshot import Severity, Snapshot
from contracts.tracking import TrackingStatus
from streams.delivery import facts
from streams.delivery.after import after_of
from streams.delivery.fold import FOLD_VERSION, fold
from streams.delivery.stub import Stub
from streams.engine.keyrecord import MARKS_KEY, read_key
from streams.engine.stage import Wake
from tests.streams.way import ERP, POLICY, START, Way, hours, issue, order, report

FOLDER = Path(__file__).parent
STATES = FOLDER / "states-2.json"
ANSWERS = FOLDER / "answers.json"
INSTANTS = tuple(hours(at) for at in (10, 60, 70, 200))


def told() -> list[tuple[Contract, datetime]]:
    """A few days of one company: an order in time, a short one, a late one, a recycled number, an orphan."""
    registered = (hours(1), TrackingStatus.REGISTERED)
    moving = (hours(4), TrackingStatus.IN_TRANSIT)
    return [
        (order("SO1"), START),
        (issue("GI1", {"SO1": 10}, numbers=("YT1", "YT2")), hours(1)),
        (report("YT1", registered, moving), hours(5)),
        (report("YT2", registered, moving, (hours(30), TrackingStatus.DELIVERED)), hours(31)),
        (report("YT1", registered, (hours(5), TrackingStatus.EXCEPTION)), hours(6)),
        (order("SO2"), START),
        (issue("GI2", {"SO2": 8}, numbers=("YT3",)), hours(1)),
        (issue("GI3", {"SO2": 2}, numbers=(), state=IssueState.CANCELLED, at=hours(9), version=hours(9)), hours(9)),
        (issue("GI4", {"SO1": 1, "SO2": 1}, withdrawn=True, version=hours(11)), hours(11)),
        (report("YT9", moving), hours(5)),
        (
            ServiceCase(
                account=ERP,
                case="C1",
                version=hours(60),
                title="Runs hot",
                severity=Severity.GRAVE,
                reported=hours(59),
                responded=hours(60),
            ),
            hours(60),
        ),
        (
            TaskFeedback(
                account=ERP,
                scope="order",
                subject="SO1",
                task=key(ERP, "order", "SO1", "order:SO1", "late").decode(),
                since=hours(64),
                target="tickets",
                episode=1,
                outcome=FeedbackOutcome.DONE,
                record="17",
                at=hours(66),
                by="mei",
            ),
            hours(66),
        ),
    ]


def states() -> dict[str, dict[str, str]]:
    """Give every record of the stages' changelogs, in hex."""
    way = Way()
    for event, received_at in told():
        way.tell(event, received_at)
    way.hear(hours(67))
    return {
        stage: {key.hex(): value.hex() for key, value in sorted(way.replay.changelog(stage).items())}
        for stage in ("documents", "resolve", "cases", "deliver", "lanes")
    }


def answers(stored: dict[str, dict[str, str]]) -> list[dict[str, Any]]:
    """Fold each stored delivery at a few instants: what the answer is."""
    found = []
    for key_hex, value in stored["deliver"].items():
        record = read_key(bytes.fromhex(value)) if bytes.fromhex(key_hex) != MARKS_KEY else None
        if record is None or record.state is None:
            continue
        state = facts.FORMAT.read(record.state)
        for now in INSTANTS:
            clock = Clock(now, dict.fromkeys(("ingress", f"poll/{ERP}"), now))
            snapshot, wakes = _answer(state, clock)
            found.append({"now": now.isoformat(), "snapshot": _plain(snapshot), "wakes": len(wakes)})
    return found


def _answer(state: facts.Delivery | Stub, clock: Clock) -> tuple[Snapshot, tuple[Wake, ...]]:
    if isinstance(state, Stub):
        return after_of(state, clock, POLICY)
    folded = fold(state, clock, POLICY)
    return folded.snapshot, folded.wakes


def _plain(snapshot: Snapshot) -> dict[str, Any]:
    """Leave out which fold and policy made it: a setting that is new, or newer holidays, change no answer by that."""
    by_whom = {"fold_version", "policy"}
    plain: dict[str, Any] = snapshot.model_dump(mode="json", exclude_defaults=True, exclude=by_whom)
    return plain


def main() -> None:
    """Write both files."""
    stored = states()
    STATES.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    golden = {"fold_version": FOLD_VERSION, "answers": answers(stored)}
    ANSWERS.write_text(json.dumps(golden, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
