"""What operators say of whose parcel it is, as uses beside those of the documents.

The last word on an order counts. A link is a use of its own; where it was undone, its parcel is nobody's since then.
An unlink ends every use by that order's documents, those told later too, until it is undone.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from contracts.operator_action import Act, OperatorAction
from streams.facts.by_hand import in_force, place
from streams.stages.uses import Use

_LINKS = {Act.LINK, Act.UNLINK}


def uses_with_links(uses: Mapping[str, Use], actions: Iterable[OperatorAction]) -> Mapping[str, Use]:
    """Give a number's uses as documents and operators say, by name. actions: all, the undone included."""
    every = list(actions)
    if not every:
        return uses
    holding = [action for action in in_force(every) if action.act in _LINKS]
    decided = {(action.account, action.subject): action for action in holding}
    found = {name: _ended(use, decided.get((use.account, use.order))) for name, use in uses.items()}
    undone_at = {action.undoes: action.at for action in sorted(every, key=place) if action.act is Act.UNDO}
    for action in every:
        if action.act is not Act.LINK:
            continue
        use = _use(action)
        last = decided[action.account, action.subject].at if action in holding else undone_at[action.id]
        holds = decided.get((action.account, action.subject)) == action
        found[use.name] = use if holds else _unlinked(use, last)
    return dict(sorted(found.items()))


def _use(action: OperatorAction) -> Use:
    return Use(
        account=action.account,
        order=action.subject,
        document=f"operator {action.id}",
        version=action.at,
        edition="",
        carrier=action.carrier,
        despatched_at=action.happened_at or action.at,
        linked=True,
    )


def _ended(use: Use, decided: OperatorAction | None) -> Use:
    return _unlinked(use, decided.at) if decided is not None and decided.act is Act.UNLINK and use.linked else use


def _unlinked(use: Use, since: datetime) -> Use:
    return msgspec.structs.replace(use, linked=False, despatched_at=since)
