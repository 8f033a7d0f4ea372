"""`quayside act agree`: that the customer agreed to another day."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from contracts.operator_action import Act
from desk.commands.act.options import Account, By, Order, Why
from desk.commands.act.performing import act_on
from desk.commands.options import Config

if TYPE_CHECKING:
    from contracts.snapshot import Snapshot


def agree(
    order: Order,
    promised: Annotated[str, typer.Option(metavar="DAY", help="By the end of which day (2026-03-20), as agreed.")],
    by: By,
    why: Why,
    line: Annotated[
        list[str] | None, typer.Option(help="Of which line; again for each. Else of all that has not arrived.")
    ] = None,
    account: Account = None,
    config: Config = None,
) -> None:
    """Say that the customer agreed to another day: the promise moves, and what was promised first stays visible."""

    def details(snapshot: "Snapshot", _now: datetime) -> dict[str, Any]:
        from desk.acting.choosing import promised_lines
        from desk.acting.times import day

        return {"promised": day(promised, "--promised"), "lines": promised_lines(snapshot, line or ())}

    done = f"{order} is promised by {promised}, as the customer agreed"
    act_on(Act.AGREE, order, account, (by, why), details, config, done, is_order=True, is_open=True)
