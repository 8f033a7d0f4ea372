"""Operators' actions as they are drawn."""

from collections.abc import Sequence
from datetime import timedelta

from hypothesis import strategies as st

from contracts.identity import key
from contracts.operator_action import Act, OperatorAction
from tests.streams.way import ERP, hours


def actions(orders: Sequence[str], parcels: Sequence[str], much_later: float) -> st.SearchStrategy[OperatorAction]:
    """What an operator does by hand, and now and then its undoing."""
    done = st.builds(
        _action,
        st.sampled_from(orders),
        st.sampled_from(parcels),
        st.sampled_from(
            [Act.LINK, Act.LINK, Act.UNLINK, Act.CONFIRM, Act.SNOOZE, Act.CLOSE, Act.REOPEN, Act.AGREE, Act.NOTE]
        ),
        st.sampled_from([20.0, 69.0, much_later]),
    )
    return done | done.map(_undone)


def _action(number: str, parcel: str, act: Act, at: float) -> OperatorAction:
    is_about_parcel = act in {Act.LINK, Act.UNLINK, Act.CONFIRM}
    is_about_task = act in {Act.SNOOZE, Act.CLOSE, Act.REOPEN}
    return OperatorAction(
        account=ERP,
        scope="order",
        subject=number,
        act=act,
        at=hours(at),
        by="li",
        why="By hand.",
        parcel=parcel if is_about_parcel else "",
        happened_at=hours(at - 1) if act is Act.CONFIRM else None,
        task=key(ERP, "order", number, f"order:{number}", "late").decode() if is_about_task else "",
        until=hours(at + 30) if act is Act.SNOOZE else None,
        promised=hours(24 * 7).date() if act is Act.AGREE else None,
        lines=("1",) if act is Act.AGREE else (),
    )


def _undone(action: OperatorAction) -> OperatorAction:
    values = {"account": ERP, "scope": "order", "subject": action.subject, "by": "mei", "why": "Mistaken."}
    undo = {"act": Act.UNDO, "at": action.at + timedelta(hours=3), "undoes": action.id, "parcel": action.parcel}
    return OperatorAction.model_validate(values | undo)
