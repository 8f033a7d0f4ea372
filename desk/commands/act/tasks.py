"""`quayside act snooze`, `close` and `reopen`: what becomes of a task."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from contracts.errors import Rejected
from contracts.operator_action import Act
from desk.commands.act.options import About, Account, By, Kind, Place, Why
from desk.commands.act.performing import act_on
from desk.commands.options import Config

if TYPE_CHECKING:
    from contracts.snapshot import Snapshot


def snooze(
    order: Place,
    kind: Kind,
    until: Annotated[
        str, typer.Option(metavar="TIME", help="When it is asked again (RFC 3339), or in how long (`PT4H`, `P2D`).")
    ],
    by: By,
    why: Why,
    about: About = None,
    account: Account = None,
    config: Config = None,
) -> None:
    """Let a task sleep until a time: then it is asked again, if its cause still holds."""

    def details(snapshot: "Snapshot", now: datetime) -> dict[str, Any]:
        from desk.acting.choosing import asked_task
        from desk.acting.times import future

        return {"task": asked_task(snapshot, kind, about), "until": future(until, now, "--until")}

    act_on(Act.SNOOZE, order, account, (by, why), details, config, f"{kind} of {order} is put off")


def close(
    order: Place,
    kind: Kind,
    by: By,
    why: Why,
    about: About = None,
    approved_by: Annotated[str, typer.Option(help="Who approves, where the kind needs an approval.")] = "",
    account: Account = None,
    config: Config = None,
) -> None:
    """Close a task for as long as its cause holds; it is asked again when its cause comes back."""

    def details(snapshot: "Snapshot", _now: datetime) -> dict[str, Any]:
        from desk.acting.choosing import asked_task, needs_approval

        if needs_approval(kind) and not approved_by:
            raise Rejected(f"{kind} is closed only with an approval: say whose by --approved-by", code="no_approval")
        return {"task": asked_task(snapshot, kind, about), "approved_by": approved_by}

    done = f"{kind} of {order} is closed for as long as its cause holds"
    act_on(Act.CLOSE, order, account, (by, why), details, config, done)


def reopen(
    order: Place, kind: Kind, by: By, why: Why, about: About = None, account: Account = None, config: Config = None
) -> None:
    """Ask for a task again that was closed, done, refused or put off while its cause holds."""

    def details(snapshot: "Snapshot", _now: datetime) -> dict[str, Any]:
        from desk.acting.choosing import asked, task_of

        task = task_of(snapshot, kind, about)
        if asked(snapshot, task) is not None:
            raise Rejected(f"{kind} of {order} is asked for already", code="asked")
        return {"task": task}

    act_on(Act.REOPEN, order, account, (by, why), details, config, f"{kind} of {order} is asked for again")
