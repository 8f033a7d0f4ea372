"""What findings about watched goods have in common: what they are about, and what quality has decided of them."""

from collections.abc import Mapping
from datetime import timedelta

from contracts.answer import Missing
from contracts.condition import MeasuredQuantity
from contracts.snapshot import Kind, SubjectType, task_key_of
from streams.delivery.case import Case
from streams.delivery.watching import Watched
from streams.detection.answers import sayings_of, settled_at
from streams.detection.wording import within
from streams.facts.conditions import seconds, value_of

UNITS: Mapping[MeasuredQuantity, str] = {"temperature": "°C", "humidity": "%"}


def about(case: Case, goods: Watched) -> tuple[SubjectType, str]:
    """The parcel, or the order where the goods are in storage."""
    return (SubjectType.PARCEL, goods.number) if goods.number else (SubjectType.ORDER, case.number)


def about_goods(case: Case, goods: Watched) -> dict[str, str]:
    """Name them, and what they need."""
    required = {f"{quantity}_required": within(range_, UNITS[quantity]) for quantity, range_ in goods.required.items()}
    return {
        **case.named,
        "parcel": goods.number,
        "carrier": goods.carrier,
        "zone": case.zone,
        **required,
    }


def known_to_quality(case: Case, goods: Watched, kind: Kind) -> int | None:
    """Up to when quality has decided: what was told later it has not seen."""
    task = task_key_of(case.account, "order", case.number, about(case, goods), kind)
    at = settled_at(sayings_of(task, case.facts.answers, case.actions), {Missing.REASON})
    return seconds(at) if at is not None else None


def value_with_unit(value: int, quantity: MeasuredQuantity) -> str:
    """Write a value in hundredths: `9.4 °C`."""
    return f"{value_of(value).normalize():f} {UNITS[quantity]}"


def whole_seconds(span: timedelta) -> int:
    """Give a span in seconds."""
    return span // timedelta(seconds=1)
