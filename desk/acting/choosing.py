"""What an operator's words mean in what is known: which order, task, parcel, action. Pure; a mistake is Rejected."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from contracts.answer import Missing
from contracts.errors import Rejected
from contracts.identity import tracking_number
from contracts.operator_action import Act
from contracts.snapshot import Finding, ParcelView, Snapshot, SubjectType, Task, TimelineEntry, task_key, task_key_of
from desk.acting.times import shown
from streams.detection.registry import KINDS

_SCOPES = ("order", "parcel", "case")
_OF_KIND = {kind.kind: kind for kind in KINDS}


def place_of(
    snapshots: Iterable[Snapshot], name: str, account: str | None, *, order: bool = False, is_open: bool = False
) -> Snapshot:
    """Choose the snapshot that is meant by the number of an order, a case, or a parcel which is nobody's.

    order: only an order's will do; is_open: and of a closed one, what is told of it since will not.
    """
    scopes = _SCOPES[:1] if order else _SCOPES
    snapshots = list(snapshots)
    found = [one for one in snapshots if one.scope in scopes and account in {None, one.account}]
    if not found:
        what = "order" if order else "order, case or orphaned parcel"
        raise Rejected(f"no {what} {name!r} is known{f' of {account}' if account else ''}", code="unknown_subject")
    if len(found) > 1:
        accounts = ", ".join(f"{one.account} ({one.scope})" for one in found)
        raise Rejected(f"{name} is known of several accounts, name one by --account: {accounts}", code="ambiguous")
    [snapshot] = found
    if snapshot.closed_at is None:
        return snapshot
    if is_open:
        raise Rejected(
            f"{name} is closed since {snapshot.closed_at:%Y-%m-%d %H:%M} UTC; `quayside reopen {name}` opens it again",
            code="closed",
        )
    since = Snapshot(account=snapshot.account, scope="after", subject=snapshot.subject)
    return next((one for one in snapshots if (one.scope, one.account) == (since.scope, since.account)), since)


def task_of(snapshot: Snapshot, kind: str, about: str | None) -> str:
    """Give the key of the task of a kind that an operator speaks of, whether it is asked or not."""
    known = _tasks(snapshot)
    found = {subject: key for (name, subject), key in known.items() if name == kind and about in {None, subject}}
    if not found:
        there = ", ".join(sorted({f"{name} {subject}" for name, subject in known})) or "nothing"
        said = f"{kind} {about}" if about else kind
        raise Rejected(f"{snapshot.subject} has no {said}; what holds there: {there}", code="no_task")
    if len(found) > 1:
        raise Rejected(f"{kind} is found of {', '.join(sorted(found))}; name one by --about", code="ambiguous")
    return next(iter(found.values()))


def _tasks(snapshot: Snapshot) -> dict[tuple[str, str], str]:
    """The keys of the tasks that are asked, or that findings ask for: by kind and what they are about."""
    place = (snapshot.account, snapshot.scope, snapshot.subject)
    found = {(str(task.kind), task.subject): task_key(*place, task) for task in snapshot.wanted.tasks}
    for finding in snapshot.findings:
        about = _about(finding, snapshot)
        found.setdefault((str(finding.kind), about[1]), task_key_of(*place, about, finding.kind))
    return found


def _about(finding: Finding, snapshot: Snapshot) -> tuple[SubjectType, str]:
    asked = _OF_KIND[finding.kind].task_subject
    return (asked, finding.subject if asked is finding.subject_type else snapshot.subject)


def asked(snapshot: Snapshot, task: str) -> Task | None:
    """Give the task of this key if it is asked now."""
    place = (snapshot.account, snapshot.scope, snapshot.subject)
    return next((one for one in snapshot.wanted.tasks if task_key(*place, one) == task), None)


def needs_approval(kind: str) -> bool:
    """Whether a task of this kind stays closed only with an approval."""
    return any(known.kind == kind and Missing.APPROVAL in known.needs for known in KINDS)


def asked_task(snapshot: Snapshot, kind: str, about: str | None) -> str:
    """Give the key of a task that is asked now; raises Rejected where it is not."""
    task = task_of(snapshot, kind, about)
    if asked(snapshot, task) is None:
        raise Rejected(f"{kind} of {snapshot.subject} is not asked for now", code="not_asked")
    return task


def confirmable_task(snapshot: Snapshot, kind: str, about: str | None) -> str:
    """Give the key of a task that an operator's word ends; raises Rejected where it is none, or not asked."""
    kinds = sorted(known.kind for known in KINDS if known.by_word)
    if kind not in kinds:
        there = ", ".join(kinds)
        raise Rejected(f"{kind} does not end by a word; these do: delivered, {there}", code="not_by_word")
    return asked_task(snapshot, kind, about)


def undelivered(snapshot: Snapshot, number: str | None, at: datetime) -> None:
    """Raise Rejected where nothing of an order, or not this parcel, could have been delivered at an instant."""
    parcels = [its_parcel(snapshot, number)] if number else list(snapshot.view.parcels if snapshot.view else ())
    delivered = [parcel.delivered_at for parcel in parcels if parcel.delivered_at is not None]
    if number and delivered:
        raise Rejected(f"{number} is delivered since {shown(delivered[0])}", code="delivered")
    left = [one for one in parcels if one.delivered_at is None and one.despatched_at and one.despatched_at <= at]
    if not number and not left:
        raise Rejected(f"no parcel of {snapshot.subject} was on its way at {shown(at)}", code="no_parcel")


def promised_lines(snapshot: Snapshot, named: Iterable[str]) -> tuple[str, ...]:
    """Give the lines of which a day can be agreed: those that are named, or all that have not arrived.

    Raises Rejected where there is none, or a named one is not promised: what is no promise yet, the ERP changes freely.
    """
    lines = snapshot.view.lines if snapshot.view else ()
    promised = {line.line: line for line in lines if line.confirmed is not None and not line.cancelled}
    unknown = [name for name in named if name not in promised]
    if unknown or not promised:
        there = ", ".join(promised) or "none"
        raise Rejected(
            f"{snapshot.subject} has no promised line {', '.join(unknown)}; there are: {there}".replace(" ;", ";"),
            code="no_line",
        )
    chosen = tuple(named) or tuple(name for name, line in promised.items() if line.delivered_at is None)
    if not chosen:
        raise Rejected(
            f"all of {snapshot.subject} has arrived; name a line by --line to move its promise", code="no_line"
        )
    return chosen


def its_parcel(snapshot: Snapshot, number: str) -> ParcelView:
    """Give an order's parcel by its number; raises Rejected where it has none such."""
    found = parcel_of(snapshot, number)
    if found is None:
        known = ", ".join(parcel.number for parcel in snapshot.view.parcels) if snapshot.view else ""
        raise Rejected(f"{snapshot.subject} has no parcel {number}; it has: {known or 'none'}", code="no_parcel")
    return found


def parcel_of(snapshot: Snapshot, number: str) -> ParcelView | None:
    """Give an order's parcel by its number, however that is written."""
    parcels: Sequence[ParcelView] = snapshot.view.parcels if snapshot.view else ()
    return next((parcel for parcel in parcels if parcel.number == tracking_number(number)), None)


def undoable(snapshot: Snapshot, action_id: str) -> str:
    """Give the parcel that an action is about, if any; raises Rejected where there is none such, or it is undone."""
    entries = snapshot.view.timeline if snapshot.view else ()
    actions = {entry.id: entry for entry in entries if entry.id}
    if action_id not in actions:
        known = ", ".join(actions) or "none"
        raise Rejected(f"{snapshot.subject} has no action {action_id!r}; there are: {known}", code="no_action")
    if _is_undone(action_id, actions):
        raise Rejected(f"{action_id} is undone already", code="undone")
    entry = actions[action_id]
    while entry.what == f"operator_{Act.UNDO}":
        entry = actions[entry.subject]
    is_about_parcel = entry.what.removeprefix("operator_") in {Act.LINK, Act.UNLINK, Act.CONFIRM}
    return entry.subject if is_about_parcel else ""


def _is_undone(action_id: str, actions: Mapping[str, TimelineEntry]) -> bool:
    undos = [one.id for one in actions.values() if (one.what, one.subject) == (f"operator_{Act.UNDO}", action_id)]
    return any(not _is_undone(undo, actions) for undo in undos)
