"""What people confirmed by their word: of the kinds that say so, it is done."""

from collections.abc import Collection, Iterable
from datetime import datetime

from contracts.operator_action import Act, OperatorAction
from contracts.snapshot import Kind, task_key_of
from streams.detection.finding import Found, Place


def unconfirmed(
    found: Iterable[Found], actions: Iterable[OperatorAction], place: Place, by_word: Collection[Kind]
) -> tuple[Found, ...]:
    """Leave out what somebody confirmed since it began. actions: those in force."""
    confirmed = {action.task: action.at for action in actions if action.act is Act.CONFIRM and action.task}
    if not confirmed:
        return tuple(found)
    return tuple(one for one in found if not (one.kind in by_word and _is_done(one, confirmed, place)))


def _is_done(found: Found, confirmed: dict[str, datetime], place: Place) -> bool:
    at = confirmed.get(task_key_of(*place, found.about, found.kind))
    return at is not None and found.since <= at
