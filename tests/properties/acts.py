"""What operators do of their own accord, as it is drawn."""

from typing import Any

from hypothesis import strategies as st

from contracts.operator_action import Act, OperatorAction
from contracts.snapshot import Kind, SubjectType, task_key_of
from tests.properties.steps import Told, step
from tests.streams.way import ERP

ABOUT_THE_ORDER = (Kind.LATE, Kind.VISIT_DUE, Kind.SURVEY_DUE, Kind.TRAINING_DUE, Kind.ACCEPTANCE_OVERDUE)


def acts() -> st.SearchStrategy[Told]:
    """What operators decide without looking whether the task is asked for: it may be, soon or never."""
    return st.builds(
        _act,
        st.sampled_from([Act.SNOOZE, Act.CLOSE, Act.REOPEN, Act.CONFIRM, Act.CONFIRM, Act.LINK, Act.UNLINK]),
        st.integers(0, 36),
        st.sampled_from(ABOUT_THE_ORDER),
        st.integers(0, 12),
        st.booleans(),
    )


def _act(act: Act, at: int, kind: Kind, span: int, by_word: bool) -> Told:  # noqa: FBT001 - drawn by place
    values: dict[str, Any] = {"parcel": "YT2"} if act in {Act.LINK, Act.UNLINK} else {"task": _task(kind)}
    if act is Act.SNOOZE:
        values["until"] = step(at + 1 + span)
    if act is Act.CONFIRM and not by_word:
        values = {"happened_at": step(max(0, at - span))}
    told = {"account": ERP, "scope": "order", "subject": "SO1", "by": "li", "why": "By hand."} | values
    return Told(OperatorAction.model_validate(told | {"act": act, "at": step(at)}), at)


def _task(kind: Kind) -> str:
    return task_key_of(ERP, "order", "SO1", (SubjectType.ORDER, "SO1"), kind)
