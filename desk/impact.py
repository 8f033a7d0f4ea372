"""What a changed policy would do, as people read it: counts by kind, then examples."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from contracts.identity import Scope
from contracts.snapshot import Finding, Kind, Task
from streams.impact.comparing import Changed, Impact, Place, Policies

EXAMPLES = 5
"""How many of each sort are shown by name."""
_NAMES: dict[Scope, str] = {
    "order": "open deliveries",
    "after": "closed deliveries with follow-ups",
    "parcel": "parcels without an order",
    "case": "after-sales cases",
}
_COLUMNS = ("findings +", "findings -", "tasks +", "tasks -", "tasks changed")


def told(impact: Impact, policies: Policies) -> Iterator[str]:
    """Tell it, a line at a time."""
    counted = [f"{impact.judged[scope]} {name}" for scope, name in _NAMES.items() if impact.judged[scope]]
    yield f"Judged as of now: {', '.join(counted) or 'nothing is open'}"
    yield from _revisions(policies)
    for key, why in impact.failed:
        yield f"{key} cannot be judged: {why}"
    if not impact.kinds:
        yield "Nothing would open, close or change."
        return
    yield from _table(impact)
    yield from _examples("would open", [_asked(place, task) for place, task in impact.asked])
    yield from _examples("would close", [_named(place, task) for place, task in impact.dropped])
    yield from _examples("would change", [_changed(one) for one in impact.changed])
    silent = {(place, one.kind, one.subject) for place, one in (*impact.asked, *impact.dropped)}
    for words, found in (("would hold, and ask nobody", impact.found), ("would hold no more", impact.lost)):
        rest = [_named(place, one) for place, one in found if (place, one.kind, one.subject) not in silent]
        yield from _examples(words, rest)


def _revisions(policies: Policies) -> Iterator[str]:
    before, after = policies
    if before.fingerprint == after.fingerprint:
        yield "The two policies are the same but for their revision."
    elif after.revision <= before.revision:
        yield (
            f"Give it a `revision` above {before.revision}: until then what is open is judged by the old policy, and "
            "only what is told anew by the new one."
        )


def _table(impact: Impact) -> Iterator[str]:
    columns = (
        _by_kind(one.kind for _, one in impact.found),
        _by_kind(one.kind for _, one in impact.lost),
        _by_kind(one.kind for _, one in impact.asked),
        _by_kind(one.kind for _, one in impact.dropped),
        _by_kind(one.after.kind for one in impact.changed),
    )
    width = max(len("kind"), *(len(kind) for kind in impact.kinds))
    yield ""
    yield "  ".join(("kind".ljust(width), *_COLUMNS))
    for kind in impact.kinds:
        numbers = (str(counts[kind]).rjust(len(name)) for counts, name in zip(columns, _COLUMNS, strict=True))
        yield "  ".join((kind.value.ljust(width), *numbers))


def _by_kind(kinds: Iterable[Kind]) -> Counter[Kind]:
    return Counter(kinds)


def _examples(words: str, several: Sequence[str]) -> Iterator[str]:
    if not several:
        return
    yield ""
    more = f", {EXAMPLES} of {len(several)}" if len(several) > EXAMPLES else ""
    yield f"{words}{more}:"
    yield from (f"  {one}" for one in several[:EXAMPLES])


def _named(place: Place, one: Finding | Task) -> str:
    where = "" if one.subject == place.subject else f", {place.scope} {place.subject}"
    return f"{one.kind} of {one.subject_type} {one.subject}{where} of {place.account}, since {_time(one.since)}"


def _asked(place: Place, task: Task) -> str:
    return f"{_named(place, task)}: {task.role} by {_time(task.due_at)}"


def _changed(one: Changed) -> str:
    before, after = one.before, one.after
    parts = [
        f"{was} → {now}"
        for was, now in (
            (before.role, after.role),
            (before.severity, after.severity),
            (f"by {_time(before.due_at)}", f"by {_time(after.due_at)}"),
            (_then(before), _then(after)),
        )
        if was != now
    ]
    return f"{_named(one.place, after)}: {'; '.join(parts)}"


def _then(task: Task) -> str:
    if task.escalates_to is None or task.escalates_at is None:
        return "then nobody"
    return f"then {task.escalates_to} at {_time(task.escalates_at)}"


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
