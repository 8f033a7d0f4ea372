"""`quayside act note` and `undo`."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from contracts.operator_action import Act
from desk.commands.act.options import Account, By, Place, Why
from desk.commands.act.performing import act_on
from desk.commands.options import Config

if TYPE_CHECKING:
    from contracts.snapshot import Snapshot


def note(
    order: Place,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What others should know.")],
    by: By,
    account: Account = None,
    config: Config = None,
) -> None:
    """Write something into an order's timeline."""
    act_on(Act.NOTE, order, account, (by, text), lambda _snapshot, _now: {}, config, f"Noted at {order}")


def undo(
    order: Place,
    action: Annotated[str, typer.Argument(metavar="ID", help="The action's, as `quayside trace ORDER` shows it.")],
    by: By,
    why: Why,
    account: Account = None,
    config: Config = None,
) -> None:
    """Undo an action: all is as if it had never been, and both stay in the timeline. An undo can be undone, too."""

    def details(snapshot: "Snapshot", _now: datetime) -> dict[str, Any]:
        from desk.acting.choosing import undoable

        return {"undoes": action, "parcel": undoable(snapshot, action)}

    act_on(Act.UNDO, order, account, (by, why), details, config, f"Action {action} of {order} is undone")
