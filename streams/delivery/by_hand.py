"""What operators say of an order's parcels, against its documents and its carriers."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from contracts.documents import GoodsIssue, Package
from contracts.identity import parts, tracking_number
from contracts.operator_action import Act, OperatorAction
from contracts.snapshot import TimelineEntry
from contracts.tracking import TrackingStatus
from streams.delivery.parcel import Life


def unlinked_parcels(actions: Iterable[OperatorAction]) -> frozenset[str]:
    """Give the numbers that are not the order's, whatever the documents say. actions: those in force."""
    return frozenset(number for number, action in _links(actions).items() if action.act is Act.UNLINK)


def with_links(issues: Iterable[GoodsIssue], actions: Iterable[OperatorAction]) -> tuple[GoodsIssue, ...]:
    """Give the goods issues with the parcels that carry them, as operators say. actions: those in force."""
    links = _links(actions)
    return tuple(_with_links(issue, links) for issue in issues) if links else tuple(issues)


def with_confirmed(lives: Mapping[str, Life], actions: Iterable[OperatorAction]) -> dict[str, Life]:
    """Give the parcels, those delivered of which somebody was told so. actions: those in force, oldest first."""
    confirmed = [(tracking_number(one.parcel), one.happened_at) for one in actions if one.act is Act.CONFIRM]
    found = dict(lives)
    for parcel, at in confirmed:
        for number, life in found.items():
            if at is not None and _is_meant(life, parcel, at):
                found[number] = replace(life, status=TrackingStatus.DELIVERED, reason="", delivered_at=at)
    return found


def _is_meant(life: Life, parcel: str, at: datetime) -> bool:
    """Whether a confirmation is of a parcel: of its number, or of all that had left and not been delivered."""
    if parcel:
        return parcel == life.number
    return life.delivered_at is None and life.despatched_at is not None and life.despatched_at <= at


def told(actions: Iterable[OperatorAction]) -> Iterable[TimelineEntry]:
    """Tell every action, the undone ones and the undoing ones too."""
    for action in actions:
        yield TimelineEntry(
            at=action.at,
            what=f"operator_{action.act}",
            subject=action.undoes or action.parcel or _task(action) or ", ".join(action.lines),
            text=action.why,
            by=action.by,
            id=action.id,
        )
        if action.approved_by:
            yield TimelineEntry(at=action.at, what="task_approved", subject=_task(action), by=action.approved_by)


def _task(action: OperatorAction) -> str:
    """Name the task that an action answers as people would: `late SO-1001`."""
    if not action.task:
        return ""
    *_, about, kind = parts(action.task.encode())
    return f"{kind} {about.partition(':')[2]}"


def _links(actions: Iterable[OperatorAction]) -> dict[str, OperatorAction]:
    """The last word on each parcel."""
    return {tracking_number(action.parcel): action for action in actions if action.act in {Act.LINK, Act.UNLINK}}


def _with_links(issue: GoodsIssue, links: Mapping[str, OperatorAction]) -> GoodsIssue:
    unlinked = {number for number, action in links.items() if action.act is Act.UNLINK}
    kept = [package for package in issue.packages if tracking_number(package.tracking_number) not in unlinked]
    named = {tracking_number(package.tracking_number) for package in kept}
    added = [
        Package(carrier=action.carrier, tracking_number=number)
        for number, action in sorted(links.items())
        if action.act is Act.LINK and action.document == issue.document and number not in named
    ]
    packages = (*kept, *added)
    return issue if packages == issue.packages else issue.model_copy(update={"packages": packages})
