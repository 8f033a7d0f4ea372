"""What people see of the conditions of goods: how cold, warm, dry or damp they were, beside what they require."""

from collections.abc import Iterator

from contracts.snapshot import ConditionView
from streams.delivery.case import Case
from streams.delivery.watching import watched
from streams.facts.conditions import instant, value_of


def conditions_of(case: Case) -> Iterator[ConditionView]:
    """Show what was measured of all goods that require anything."""
    for goods in watched(case):
        for quantity, required in goods.required.items():
            buckets = [bucket for loggers in goods.measured.get(quantity, {}).values() for bucket in loggers]
            if buckets:
                yield ConditionView(
                    quantity=quantity,
                    parcel=goods.number,
                    required_low=required.low,
                    required_high=required.high,
                    lowest=value_of(min(bucket.low for bucket in buckets)),
                    highest=value_of(max(bucket.high for bucket in buckets)),
                    since=instant(min(bucket.first_at for bucket in buckets)),
                    until=instant(max(bucket.last_at for bucket in buckets)),
                )
