"""Delay: what should have arrived and did not, and what should move and does not."""

from datetime import UTC, datetime

from contracts.clock import Clock
from contracts.policy import Policy
from contracts.snapshot import Kind, SubjectType
from streams.delivery.case import Case
from streams.delivery.estimates import ordinary_silence
from streams.delivery.lines import Line
from streams.delivery.parcel import Life
from streams.delivery.schedule import Part
from streams.detection.finding import Found, Verdict
from streams.detection.kind import KindOfFinding
from streams.detection.lateness import heard_until, is_ready_to_be_fetched, late_from, rests_on
from streams.detection.silence import stalled_from, until_inquiry
from streams.detection.wording import hours, instant, last_scan, promise
from streams.engine.stage import Wake


def late(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Opens when a promised window has closed, and the grace is over, and a line of it was not delivered.

    Of a line that is promised in parts each part has its window. What is ready and waits for the customer to fetch it
    is not late. Clears when all lines whose window has closed are delivered. About the order: one task, however many
    lines. Rests on hearing the carriers and, for what has not left, the ERP.
    """
    opened: list[tuple[Line, Part, datetime]] = []
    awaited: list[tuple[Line, Part, datetime]] = []
    for line in case.live_lines:
        if is_ready_to_be_fetched(case, line):
            continue
        here = policy.about(case.matter_of(line))
        for part in line.parts:
            since = late_from(part, here)
            (opened if heard_until(case, line, clock) >= since else awaited).append((line, part, since))
    wakes = tuple(Wake(since, rests_on(case, line)) for line, part, since in awaited if part.done_at is None)
    began = _holds_since([(since, part.done_at) for _, part, since in opened])
    if began is None:
        return Verdict(wakes=wakes)
    missing = [(line, part) for line, part, _ in opened if part.done_at is None]
    return Verdict((_late(case, began, missing),), wakes)


def _holds_since(intervals: list[tuple[datetime, datetime | None]]) -> datetime | None:
    """Since when, without a break, one line or another was late; None where none is late now.

    A line that was delivered late meanwhile still belongs to it: the trouble began with the first.
    """
    began: datetime | None = None
    until: datetime | None = datetime.min.replace(tzinfo=UTC)
    for since, done_at in sorted(intervals, key=lambda interval: interval[0]):
        if until is not None and since > until:
            began, until = since, since
        if until is not None:
            until = None if done_at is None else max(until, done_at)
    return began if until is None else None


def _late(case: Case, since: datetime, missing: list[tuple[Line, Part]]) -> Found:
    lines = list({line.view.line: line for line, _ in missing}.values())
    first = min((part.promised for _, part in missing), key=lambda window: window.closes)
    return Found(
        kind=Kind.LATE,
        subject_type=SubjectType.ORDER,
        subject=case.number,
        since=since,
        details={
            **case.named,
            "promised": promise(first),
            "zone": case.zone,
            "lines": _names(lines),
            "undespatched": _names([line for line in lines if not line.view.despatched.value]),
            "parcels": ", ".join(life.number for life in case.lives.values() if life.delivered_at is None),
            "last_scan": last_scan(case.last_to_move, case.zone),
        },
    )


def _names(lines: list[Line]) -> str:
    return ", ".join(f"{line.view.line} ({line.view.product})" for line in lines)


def stalled(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Opens when a moving parcel had no scan for longer than its lane takes, and the grace is over.

    What the lane takes its history says, where that is large enough and the policy does not name the carrier; else the
    policy. Clears with the next scan, or when an inquiry is due. About the parcel. Rests on hearing the carriers.
    """
    return Verdict.all_of(_stalled(case, life, policy, clock) for life in case.lives.values())


def _stalled(case: Case, life: Life, policy: Policy, clock: Clock) -> Verdict:
    matter = case.matter_of(life)
    here = policy.about(matter)
    last, opens_at = life.last, stalled_from(case, life, here)
    if last is None or opens_at is None:
        return Verdict()
    silence = ordinary_silence(case, life, here)
    found = Found(
        kind=Kind.STALLED,
        subject_type=SubjectType.PARCEL,
        subject=life.number,
        since=opens_at,
        details={
            **case.named,
            "promised": promise(case.promised),
            "parcel": life.number,
            "carrier": life.carrier,
            "zone": case.zone,
            "silence": hours(silence.span),
            "legs": str(silence.legs or ""),
            "last_scan_at": instant(last.placed_at, case.zone),
            "last_scan": last_scan(life, case.zone),
        },
        matter=matter,
    )
    gives_way = until_inquiry(case, life, here)
    return Verdict.between(opens_at, gives_way, case.hears_carriers, clock, found)


DELAY: tuple[KindOfFinding, ...] = (
    KindOfFinding(Kind.LATE, "delay", "order", SubjectType.ORDER, late, rolls_up=True),
    KindOfFinding(Kind.STALLED, "delay", "order", SubjectType.PARCEL, stalled),
)
