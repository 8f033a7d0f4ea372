"""What the ledger says before and after the target was asked something. Pure.

`at` is the product's clock, which facts are dated by; `now` is real time, which retries are reckoned in.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from contracts.connector import Heard, Record
from contracts.errors import QuaysideError, Rejected
from contracts.feedback import FeedbackOutcome, TaskFeedback
from contracts.record_keys import RecordSort
from streams.dispatch.actions import Bury, Close, Create, LookUp, Reopen, Update, attempt_of
from streams.dispatch.endings import ANSWERS, SOMEBODY, Ending, Endings, Rule, ending_of
from streams.dispatch.entry import Entry, State, episode_of, idempotency_key
from streams.dispatch.texts import Reason

_ANSWERED = frozenset({RecordSort.TASK, RecordSort.NOTICE})
"""What people answer. Of anything else, what becomes of it is no fact: it would be a step again, and told again."""
_RULED = frozenset({RecordSort.TASK, RecordSort.STATUS})
"""What an account's rules speak of. Messages are sent once, and what trackers register is not people's to end."""
_TOLD = frozenset({Rule.FEEDBACK, Rule.LEAVE})
"""Rules by which what people did is an answer."""
ERROR_LIMIT = 2000
"""Characters of an error that the ledger keeps."""


@dataclass(frozen=True, slots=True)
class Change:
    """An entry as it is to be written, and the facts that follow from it. heard: what the target told beside it."""

    entry: Entry
    feedback: tuple[TaskFeedback, ...] = ()
    heard: tuple[Heard, ...] = ()


def sending(action: Create | Update | Reopen, configuration: str) -> Entry:
    """Mark an entry before it is written to the target."""
    wish = action.wish
    return replace(
        action.entry,
        state=State.IN_FLIGHT,
        since=wish.since,
        fields=dict(wish.fields),
        attempt=attempt_of("write", wish.fields),
        configuration=configuration,
    )


def closing(action: Close, configuration: str) -> Entry:
    """Mark an entry before it is closed at the target."""
    return replace(
        action.entry,
        state=State.CLOSING,
        reason=action.reason,
        attempt=attempt_of("close", {}),
        configuration=configuration,
    )


def asking(action: LookUp, configuration: str) -> Entry:
    """Mark an entry before it is looked up, so that a look-up which fails for good rests like any attempt.

    One that was given up begins anew.
    """
    entry = action.entry
    if entry.state is State.DEAD:
        entry = _well(replace(entry, state=State.IN_FLIGHT))
    return replace(entry, attempt=action.attempt, configuration=configuration)


def written(entry: Entry, record: Record, at: datetime, endings: Endings = ANSWERS) -> Change:
    """Follow a create or an update that succeeded; the record may have been closed by somebody meanwhile."""
    change = seen(entry, replace(record, fields=entry.fields), at, endings)
    return replace(change, entry=_well(change.entry), heard=record.heard)


def closed(entry: Entry, record: Record, at: datetime, endings: Endings = ANSWERS) -> Change:
    """Follow a close that succeeded; somebody may have been faster, and that is a fact.

    Raises Rejected where the target says that the record is still open: it would be closed again and again.
    """
    if record.is_open:
        raise Rejected(f"record {record.id} is still open after it was closed", code="not_kept")
    return seen(entry, record, at, endings)


def shadowed(action: Create | Update | Reopen | Close, at: datetime) -> Entry:
    """Follow what would have been sent, had the target been live."""
    if isinstance(action, Close):
        return replace(action.entry, state=State.CLOSED, reason=action.reason, closed_at=at)
    entry = sending(action, configuration="")
    return replace(entry, state=State.OPEN, opened_at=entry.opened_at or at)


def settled(entry: Entry, reason: str, at: datetime) -> Entry:
    """End an entry that has no record."""
    return _well(replace(entry, state=State.CLOSED, reason=reason, closed_at=at))


def seen(entry: Entry, record: Record, at: datetime, endings: Endings = ANSWERS) -> Change:
    """Follow what a record was found to be.

    An open one is ours to keep right, so its fields are taken as they are; whose it is now is a fact, too. One that
    somebody else ended is followed by the account's rule (`streams.dispatch.endings`): mostly it becomes a fact before
    anything else happens to its task; one that we closed is simply closed. A step that is there was sent, and is never
    written again: its fields are kept no longer.
    """
    opened_at = entry.opened_at or at
    found = replace(entry, remote_id=record.id, remote_version=record.version, opened_at=opened_at)
    if entry.sort is RecordSort.STEP:
        return Change(_well(replace(settled(found, Reason.SENT, at), fields={})))
    is_told = entry.opened_at or entry.sort not in _ANSWERED
    opened = () if is_told else (_feedback(found, FeedbackOutcome.OPENED, opened_at),)
    if record.is_open:
        return _open(found, record, opened, at)
    if record.merged_into and endings.merged is Rule.FOLLOW and entry.sort in _RULED:
        # That one is another record, of another version, and by its own state: it is asked for next.
        followed = replace(found, state=State.IN_FLIGHT, remote_id=record.merged_into, remote_version="")
        return Change(_well(replace(followed, merged_into=record.merged_into)), opened)
    found = replace(found, state=State.CLOSED, closed_at=record.closed_at or at)
    # What stands for ours is not ours: whoever closed it, it was not us.
    closed_by = record.closed_by or (SOMEBODY if entry.merged_into else "")
    if not closed_by:
        return Change(_well(replace(found, feedback="", ending="")), opened)
    outcome = FeedbackOutcome.APPROVED if record.approved_by else FeedbackOutcome.DONE
    outcome = FeedbackOutcome.REFUSED if record.refused else outcome
    found = replace(found, closed_by=closed_by, reason=record.closed_reason, ending=ending_of(record))
    return _ended_by_person(found, outcome, endings, opened, record.approved_by)


def gone(entry: Entry, at: datetime, endings: Endings = ANSWERS) -> Change:
    """Follow a record that no longer exists where there was one: somebody deleted it."""
    deleted = replace(entry, closed_at=at, closed_by="", reason="the record no longer exists", ending=Ending.DELETED)
    return _ended_by_person(deleted, FeedbackOutcome.REFUSED, endings)


def _open(found: Entry, record: Record, before: tuple[TaskFeedback, ...], at: datetime) -> Change:
    was = found
    as_sent = all(record.fields.get(name) == value for name, value in was.fields.items())
    found = replace(found, state=State.OPEN, closed_at=None, closed_by="", feedback="", reason="", ending="")
    if not was.merged_into:
        found = replace(found, fields=was.fields if was.fields and as_sent else dict(record.fields))
    facts = before
    if record.assigned_to and record.assigned_to != was.assigned_to:
        found = replace(found, assigned_to=record.assigned_to)
        # Whose it was when it was made is no news, and what nobody answers nobody is given.
        facts = before if before or found.sort not in _ANSWERED else (*before, _reassigned(found, at))
    is_well = was.state is State.IN_FLIGHT and (as_sent or was.merged_into)
    return Change(_well(found) if is_well else found, facts)


def _reassigned(entry: Entry, at: datetime) -> TaskFeedback:
    fact = _feedback(entry, FeedbackOutcome.REASSIGNED, at)
    return fact.model_copy(update={"assigned_to": entry.assigned_to, "by": "", "reason": ""})


def absent(entry: Entry) -> Entry:
    """Follow a look-up that found nothing where nothing is known to have been."""
    return replace(entry, state=State.WANTED)


def looked_up(
    entry: Entry, found: Sequence[Record], known: Collection[int], at: datetime, endings: Endings = ANSWERS
) -> tuple[Change, ...]:
    """Follow a look-up by the task's key: what became of `entry`, and episodes that the ledger has lost.

    known: the episodes of this task that stand in the ledger.
    """
    change = Change(absent(entry))
    lost: list[Change] = []
    for record in found:
        episode = episode_of(record.idempotency_key)
        if episode is None or record.idempotency_key != idempotency_key(entry.target, entry.task, episode):
            # Another account's record of the same task, at the same system.
            continue
        if episode == entry.episode:
            change = seen(entry, record, at, endings)
        elif episode not in known:
            blank = replace(entry, episode=episode, state=State.IN_FLIGHT, fields={}, revision=0, opened_at=None)
            lost.append(seen(blank, record, at, endings))
    return (change, *lost)


def failed(entry: Entry, error: QuaysideError, now: datetime, *, counts: bool = True) -> Entry:
    """Follow a failed try, whose effect is unknown: the entry stays as it was marked before."""
    return replace(
        entry,
        tries=entry.tries + counts,
        failing_since=entry.failing_since or now,
        failed_at=now,
        error_code=error.code,
        error=error.reason[:ERROR_LIMIT],
    )


def dead(entry: Entry, error: QuaysideError, now: datetime) -> Entry:
    """Give an entry up until what would be tried, or the configuration, changes, or an operator replays it."""
    return replace(failed(entry, error, now), state=State.DEAD)


def buried(action: Bury, configuration: str, now: datetime) -> Entry:
    """Give up a wish that cannot even be written down in the target's fields."""
    attempt = attempt_of("problem", {"reason": action.error.reason})
    return dead(replace(action.entry, attempt=attempt, configuration=configuration), action.error, now)


def _ended_by_person(
    entry: Entry,
    outcome: FeedbackOutcome,
    endings: Endings,
    before: tuple[TaskFeedback, ...] = (),
    approved_by: str = "",
) -> Change:
    rule = endings.rule(entry.ending) if entry.sort in _RULED and not approved_by else Rule.FEEDBACK
    if entry.sort not in _ANSWERED or rule not in _TOLD:
        return Change(_well(replace(entry, state=State.CLOSED, feedback="")), before)
    fact = _feedback(entry, outcome, entry.closed_at)
    if outcome is FeedbackOutcome.APPROVED:
        fact = fact.model_copy(update={"approved_by": approved_by})
    return Change(_well(replace(entry, state=State.CLOSED, feedback=fact.id)), (*before, fact))


def _feedback(entry: Entry, outcome: FeedbackOutcome, at: datetime | None) -> TaskFeedback:
    if at is None:
        raise AssertionError(entry.task)
    return TaskFeedback(
        account=entry.account,
        scope=entry.scope,
        subject=entry.subject,
        task=entry.task,
        since=entry.since,
        target=entry.target,
        episode=entry.episode,
        outcome=outcome,
        record=entry.remote_id,
        at=at,
        by=entry.closed_by if outcome is not FeedbackOutcome.OPENED else "",
        reason=entry.reason if outcome is not FeedbackOutcome.OPENED else "",
    )


def _well(entry: Entry) -> Entry:
    return replace(entry, tries=0, failing_since=None, failed_at=None, error_code="", error="")
