"""What is wished for of an order itself: its status beside it, and each step that it has taken. Pure.

Both follow from what the snapshot shows of the order; only an account that asks for them gets them.
"""

from collections.abc import Collection, Iterator

from contracts.connector import OrderInContext, StepInContext, Target
from contracts.record_keys import status_key, step_key
from contracts.settings import TargetAccount
from contracts.snapshot import DeliveryStatus, Task, TimelineEntry, View
from streams.dispatch.actions import Wish
from streams.dispatch.intake import WantedState
from streams.dispatch.mapping import mapped


def needs_views(account: TargetAccount) -> bool:
    """Whether an account asks for what only an order's view tells."""
    return account.statuses or account.steps


def status_wish(
    state: WantedState, tasks: tuple[Task, ...], view: View | None, target: Target, account: TargetAccount
) -> Iterator[Wish]:
    """Give the status that is to stand beside an order; none of an order that the ERP has not told, or tells no longer.

    It holds since the last thing that happened to the order.
    """
    key, status_fields = state.key, target.status_fields
    if not (account.statuses and status_fields and key.scope == "order" and view):
        return
    if view.status is DeliveryStatus.UNKNOWN:
        return
    name = status_key(key.account, key.scope, key.subject)
    context = OrderInContext(name, key.account, key.scope, key.subject, view, tasks)
    fields, problem = mapped(lambda: status_fields(context, account))
    since = max((entry.at for entry in view.timeline), default=state.stamp.as_of)
    yield Wish(key.account, key.scope, key.subject, name, since, fields, problem=problem)


def step_wishes(
    state: WantedState, view: View | None, target: Target, account: TargetAccount, sent: Collection[str]
) -> Iterator[Wish]:
    """Give the steps of an order that were not sent, the oldest first. sent: the keys of those that were.

    A step is what is told of it: told again it is the same, wherever it then stands in the timeline; told otherwise it
    is another one. What is told of a closed order (scope `after`) is no step until the order is opened again.
    """
    key, step_fields = state.key, target.step_fields
    if not (account.steps and step_fields and key.scope == "order" and view):
        return
    for name, entry in _by_key(state, view).items():
        if name in sent:
            continue
        context = StepInContext(name, key.account, key.scope, key.subject, entry, view)
        fields, problem = mapped(lambda context=context: step_fields(context, account))  # type: ignore[misc]
        yield Wish(key.account, key.scope, key.subject, name, entry.at, fields, problem=problem, once=True)


def _by_key(state: WantedState, view: View) -> dict[str, TimelineEntry]:
    key = state.key
    return {step_key(key.account, key.scope, key.subject, entry): entry for entry in view.timeline}
