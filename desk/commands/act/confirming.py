"""`quayside act confirm`: that something happened, as somebody told you."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from contracts.errors import Rejected
from contracts.operator_action import Act
from desk.commands.act.options import About, Account, By, Order, Why
from desk.commands.act.performing import act_on
from desk.commands.options import Config

if TYPE_CHECKING:
    from contracts.snapshot import Snapshot

_DELIVERED = "delivered"


def confirm(
    order: Order,
    what: Annotated[
        str, typer.Argument(metavar="delivered|KIND", help="That it was delivered; or that a task of KIND was done.")
    ],
    by: By,
    why: Why,
    at: Annotated[str | None, typer.Option(metavar="TIME", help="When it was delivered (RFC 3339).")] = None,
    parcel: Annotated[str | None, typer.Option(help="Which parcel was delivered; else all that had left.")] = None,
    about: About = None,
    account: Account = None,
    config: Config = None,
) -> None:
    """Confirm what no system says: that it was delivered, or that what a task asks for was done."""
    is_delivery = what == _DELIVERED

    def details(snapshot: "Snapshot", now: datetime) -> dict[str, Any]:
        if is_delivery:
            return _delivered(snapshot, parcel, at, now)
        from desk.acting.choosing import confirmable_task

        if at is not None or parcel is not None:
            raise Rejected("--at and --parcel belong to `delivered`", code="option")
        return {"task": confirmable_task(snapshot, what, about)}

    whose = f"{parcel} of {order}" if parcel else order
    done = f"{whose} counts as delivered" if is_delivery else f"{what} of {order} counts as done"
    act_on(Act.CONFIRM, order, account, (by, why), details, config, done, is_order=True, is_open=is_delivery)


def _delivered(snapshot: "Snapshot", parcel: str | None, at: str | None, now: datetime) -> dict[str, Any]:
    from desk.acting.choosing import undelivered
    from desk.acting.times import past

    if at is None:
        raise Rejected("say by --at when it was delivered", code="option")
    happened_at = past(at, now, "--at")
    undelivered(snapshot, parcel, happened_at)
    return {"parcel": parcel or "", "happened_at": happened_at}
