"""An order and its lines with the promises that count, and what was said of them, in order."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from contracts.documents import Order, OrderLine, ScheduledDelivery
from contracts.moment import Window
from contracts.quantity import Quantity
from contracts.snapshot import LineView, TimelineEntry
from streams.delivery.lines import Line
from streams.delivery.order_versions import PromisedWindow, Terms
from streams.delivery.promise import Promise
from streams.delivery.schedule import window_of


def as_promised(order: Order, promised: Mapping[str, Promise]) -> Order:
    """Give the order with the promises that count in the place of what the ERP says now; quantities stay the ERP's."""
    return order.model_copy(
        update={"lines": tuple(_as_promised(line, promised.get(line.line)) for line in order.lines)}
    )


def _as_promised(line: OrderLine, promise: Promise | None) -> OrderLine:
    if promise is None or not promise.is_frozen or promise.counts == promise.now or line.cancelled:
        return line
    counts = promise.counts
    schedule = tuple(
        ScheduledDelivery(quantity=Quantity(value=part.quantity, unit=counts.unit), promised=part.promised.window())
        for part in counts.schedule
    )
    window = counts.promised.window() if counts.promised else None
    return line.model_copy(update={"promised": window, "schedule": schedule})


def with_promises(lines: Iterable[Line], told: Order, promised: Mapping[str, Promise]) -> tuple[Line, ...]:
    """Show with each line what was promised first, what the ERP says now, and how much was confirmed."""
    now = {line.line: window_of(line) for line in told.lines}
    return tuple(
        replace(line, view=_shown(line.view, now[line.view.line], promised.get(line.view.line))) for line in lines
    )


def _shown(view: LineView, now: Window | None, promise: Promise | None) -> LineView:
    if promise is None:
        return view.model_copy(update={"promised_now": now})
    first = _last_window(promise.first)
    return view.model_copy(
        update={
            "promised_now": now,
            "first_promised": first.window() if first else None,
            "confirmed": Quantity(value=promise.counts.quantity, unit=promise.counts.unit),
        }
    )


def _last_window(terms: Terms) -> PromisedWindow | None:
    windows = [part.promised for part in terms.schedule]
    return max(windows, key=lambda window: window.closes) if windows else terms.promised


def timeline(promised: Mapping[str, Promise]) -> Iterable[TimelineEntry]:
    """Tell each change of a promise after its confirmation."""
    for line, promise in promised.items():
        for change in promise.changes:
            yield TimelineEntry(
                at=change.at,
                what="promise_changed_as_agreed" if change.agreed else "promise_changed",
                subject=line,
                text=f"{written(change.before)} -> {written(change.after)}",
            )


def written(terms: Terms) -> str:
    """Write a line's terms: `10 C62, 2026-03-06`."""
    windows = [part.promised for part in terms.schedule] or ([terms.promised] if terms.promised else [])
    days = ", ".join(str(window.window().last_day()) for window in windows)
    return ", ".join(filter(None, (str(Quantity(value=terms.quantity, unit=terms.unit)), days)))
