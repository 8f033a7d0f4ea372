"""`quayside act link` and `unlink`: whose parcel it is."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from contracts.errors import Rejected
from contracts.operator_action import Act
from desk.commands.act.options import Account, By, Order, Parcel, Why
from desk.commands.act.performing import act_on
from desk.commands.options import Config

if TYPE_CHECKING:
    from contracts.snapshot import Snapshot


def link(
    parcel: Parcel,
    order: Order,
    by: By,
    why: Why,
    document: Annotated[str, typer.Option(help="The goods issue that it carries: then its lines wait for it.")] = "",
    carrier: Annotated[str, typer.Option(help="Its carrier, where the number alone may be another's, too.")] = "",
    left: Annotated[str | None, typer.Option(metavar="TIME", help="When it left (RFC 3339), if long ago.")] = None,
    account: Account = None,
    config: Config = None,
) -> None:
    """Say that a parcel carries an order, though no document does."""

    def details(snapshot: "Snapshot", now: datetime) -> dict[str, Any]:
        from desk.acting.choosing import parcel_of
        from desk.acting.times import past

        if parcel_of(snapshot, parcel) is not None:
            raise Rejected(f"{parcel} is {order}'s already", code="linked")
        left_at = past(left, now, "--left") if left else None
        return {"parcel": parcel, "document": document, "carrier": carrier, "happened_at": left_at}

    done = f"{parcel} carries {order} from now on"
    act_on(Act.LINK, order, account, (by, why), details, config, done, is_order=True, is_open=True)


def unlink(parcel: Parcel, order: Order, by: By, why: Why, account: Account = None, config: Config = None) -> None:
    """Say that a parcel does not carry an order, whatever its documents say."""

    def details(snapshot: "Snapshot", _now: datetime) -> dict[str, Any]:
        from desk.acting.choosing import its_parcel

        its_parcel(snapshot, parcel)
        return {"parcel": parcel}

    done = f"{parcel} is not {order}'s from now on"
    act_on(Act.UNLINK, order, account, (by, why), details, config, done, is_order=True, is_open=True)
