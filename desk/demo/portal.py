"""What the customers' portal, a subscriber by Standard Webhooks, was told of the day, and what it must know. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from contracts.connector import OrderInContext
from contracts.record_keys import status_key, step_id
from contracts.settings import TargetAccount
from contracts.snapshot import DeliveryStatus, Snapshot
from mappings.tickets.canonical_names import status_fields

Fields = Mapping[str, str]
_OF_TASKS = "task_"
STATUS, STEP = "order.status_changed", "order.step_recorded"


@dataclass(frozen=True, slots=True)
class Told:
    """The messages that came, each once. statuses: the newest of each order, by its key; steps: by order, as they came.

    others: the types of messages that nobody wanted there.
    """

    statuses: Mapping[str, Fields]
    steps: Mapping[str, Sequence[Fields]]
    others: frozenset[str]

    def count(self) -> int:
        """Count the steps."""
        return sum(len(steps) for steps in self.steps.values())


def of_messages(messages: Iterable[Mapping[str, Any]]) -> Told:
    """Read the messages as `quayside receive` shows them: the oldest first, one that came again only once."""
    statuses: dict[str, Fields] = {}
    steps: dict[str, list[Fields]] = {}
    others = set()
    for message in messages:
        data = message["data"]
        if message["type"] == STATUS:
            statuses[data["key"]] = data["fields"]
        elif message["type"] == STEP:
            steps.setdefault(data["fields"]["order"], []).append(data["fields"])
        else:
            others.add(message["type"])
    return Told(statuses, steps, frozenset(others))


def differences(
    told: Told, snapshots: Iterable[Snapshot], account: TargetAccount, expected: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    """Say in a sentence each what the portal was told otherwise than the snapshots, and the reviewed steps, have it."""
    orders = [one for one in snapshots if one.scope == "order" and one.view is not None]
    known = {one.subject for one in orders}
    for snapshot in orders:
        yield from _of_status(told, snapshot, account)
        yield from _of_steps(told, snapshot)
    for order, reviewed in sorted(expected.items()):
        were = [step["what"] for step in told.steps.get(order, ()) if not step["what"].startswith(_OF_TASKS)]
        if were != list(reviewed):
            yield f"the portal was told of {order}: {', '.join(were)}; instead of: {', '.join(reviewed)}"
    yield from (f"the portal was told of {order}, which nobody ordered" for order in sorted(told.steps.keys() - known))
    yield from (f"the portal got messages of the type {other}, which it did not ask for" for other in told.others)


def _of_status(told: Told, snapshot: Snapshot, account: TargetAccount) -> Iterator[str]:
    view, order = snapshot.view, snapshot.subject
    if view is None or view.status is DeliveryStatus.UNKNOWN:
        return
    key = status_key(snapshot.account, snapshot.scope, order)
    context = OrderInContext(key, snapshot.account, snapshot.scope, order, view, snapshot.wanted.tasks)
    must, was = status_fields(context, account), told.statuses.get(key)
    if was is None:
        yield f"the portal was never told the status of {order}"
        return
    for name in sorted(must.keys() | was.keys()):
        if must.get(name) != was.get(name):
            yield f"the portal has {order} with {name} {was.get(name)!r} instead of {must.get(name)!r}"


def _of_steps(told: Told, snapshot: Snapshot) -> Iterator[str]:
    """Each step once; and those of one parcel, or of one document, in the order in which they happened."""
    order, steps = snapshot.subject, told.steps.get(snapshot.subject, ())
    happened = {step_id(entry): entry.what for entry in (snapshot.view.timeline if snapshot.view else ())}
    times = Counter(step["step"] for step in steps)
    named = {step["step"]: step["what"] for step in steps}
    for step in sorted(happened.keys() | times.keys()):
        if step not in happened:
            yield f"the portal was told the step {named[step]} of {order}, which did not happen"
        elif times[step] != 1:
            yield f"the portal was told the step {happened[step]} of {order} {times[step]} times"
    for subject in sorted({step["subject"] for step in steps}):
        of_one = [step for step in steps if step["subject"] == subject]
        for before, after in pairwise(of_one):
            if after["at"] < before["at"]:
                yield f"the portal was told {after['what']} of {subject} after {before['what']}, which came later"
