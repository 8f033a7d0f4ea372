"""What a record's origin is called: REST gives a Reference as `MODEL,ID`, and nothing behind it.

    a move of a return        sale.origin    `sale.sale,ID`, the order from which goods come back
    a production              origin         `sale.line,ID`, the line for which it was asked
    a complaint               origin         either

In the rows those become {"id": …, "number": the sale's}, of a complaint with its `model` as well; what is none of these
is left as it is.
"""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from connectors.pollers.tryton_fields import COMPLAINT, LINE, PRODUCTION, RETURN, SALE
from connectors.pollers.tryton_rest import Row, TrytonRest


async def name_origins(rest: TrytonRest, model: str, rows: Iterable[Row]) -> None:
    """Give the origins in the rows of a model their sales' numbers; raises as the connection does."""
    if model == RETURN:
        holders = [sale for row in rows for move in row["incoming_moves"] or () if (sale := move["sale"])]
        await _name(rest, holders, SALE, "number")
    elif model == PRODUCTION:
        await _name(rest, list(rows), LINE, "sale.number")
    elif model == COMPLAINT:
        complaints = list(rows)
        await _name(rest, complaints, SALE, "number", {"model": SALE})
        await _name(rest, complaints, LINE, "sale.number", {"model": LINE})


async def _name(
    rest: TrytonRest, holders: list[Row], model: str, number: str, more: Mapping[str, str] = MappingProxyType({})
) -> None:
    wanted = sorted(set(_ids(holders, model)))
    if not wanted:
        return
    numbers = {
        row["id"]: row.get("sale", row)["number"]
        async for page in rest.pages(model, [["id", "in", wanted]], [number])
        for row in page
    }
    for holder in holders:
        for origin in _ids([holder], model):
            if origin in numbers:
                holder["origin"] = {"id": origin, "number": numbers[origin], **more}


def _ids(holders: Iterable[Row], model: str) -> Iterator[int]:
    for holder in holders:
        origin = holder.get("origin")
        if isinstance(origin, str) and origin.startswith(f"{model},"):
            yield int(origin.partition(",")[2])
