"""What came into stock for an order's lines: finished goods from production, and goods that customers gave back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from contracts.documents import Order
from contracts.quantity import Quantity, nothing
from contracts.receipts import GoodsReceipt, Receipt, ReturnReceipt
from streams.delivery.serving import lines_of_product, meant


@dataclass(frozen=True, slots=True)
class InStock:
    """By line, in the line's unit. stocked: absent where no goods receipt ever named the line."""

    stocked: Mapping[str, Quantity] = field(default_factory=dict)
    returned: Mapping[str, Quantity] = field(default_factory=dict)
    uncounted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def in_stock(order: Order, receipts: Iterable[GoodsReceipt], returns: Iterable[ReturnReceipt]) -> InStock:
    """Sum up what came in by line; a receipt in another unit than its line's is named, not counted."""
    stocked, odd = _by_line(order, receipts)
    returned, odd_returns = _by_line(order, returns)
    return InStock(
        stocked, returned, {line: (*odd.get(line, ()), *odd_returns.get(line, ())) for line in odd | odd_returns}
    )


def _by_line(order: Order, receipts: Iterable[Receipt]) -> tuple[dict[str, Quantity], dict[str, tuple[str, ...]]]:
    units = {line.line: line.ordered.unit for line in order.lines}
    of_product = lines_of_product(order)
    found: dict[str, Quantity] = {}
    odd: dict[str, tuple[str, ...]] = {}
    for receipt in receipts:
        if receipt.received_at is None:
            continue
        for part in receipt.lines:
            line = meant(part.order_line, part.product.code, of_product)
            if line not in units:
                continue
            if part.quantity.unit == units[line]:
                found[line] = found.get(line, nothing(units[line])) + part.quantity
            else:
                odd[line] = (*odd.get(line, ()), receipt.document)
    return found, odd
