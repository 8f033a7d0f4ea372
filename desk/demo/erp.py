"""From the story to the ERP's file: Tryton's records as `connectors.pollers.sample_file` reads them."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from contracts.envelope import write_time
from desk.demo.story import GoodsIssue, Order, Story, Version
from desk.demo.written import Issued


def erp_lines(story: Story) -> list[dict[str, Any]]:
    """Give the lines of the file, in the order in which they come about."""
    lines = [line for order in story.orders for line in _order_lines(story, order)]
    lines += [line for issue in story.goods_issues for line in _issue_lines(story, issue)]
    return sorted(lines, key=lambda line: (line["at"], line["document"]))


def erp_file(story: Story) -> bytes:
    """Write the file."""
    return b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in erp_lines(story))


def _order_lines(story: Story, order: Order) -> Iterator[dict[str, Any]]:
    yield _line(story.at(order.told), "order", order.number, _sale(story, order, "processing"))
    if order.cancelled:
        yield _line(story.at(order.cancelled), "order", order.number, _sale(story, order, "cancelled"))


def _issue_lines(story: Story, issue: GoodsIssue) -> Iterator[dict[str, Any]]:
    for version in issue.versions:
        yield _line(story.at(version.told), "goods_issue", issue.number, _shipment(story, issue, version))
    if issue.withdrawn:
        at = story.at(issue.withdrawn)
        yield {"at": _written(at), "kind": "goods_issue", "document": issue.number, "withdrawn": True}


def _line(at: datetime, kind: str, document: str, record: dict[str, Any]) -> dict[str, Any]:
    return {"at": _written(at), "kind": kind, "document": document, "record": record}


def _sale(story: Story, order: Order, state: str) -> dict[str, Any]:
    customer = story.customers[order.customer]
    return {
        "id": _digits(order.number),
        "number": order.number,
        "state": state,
        "sale_date": _day(story.day - timedelta(days=3)),
        "shipping_date": _day(story.on(order.promised)),
        "company": {"timezone": story.zone},
        "party": {"id": _digits(order.customer), "code": order.customer, "name": customer.name},
        "shipment_address": {
            "city": customer.city,
            "country": {"code": customer.country},
            "subdivision": {"code": f"{customer.country}-{customer.region}"},
        },
        "lines": [
            {
                "id": line_id(order.number, place),
                "type": "line",
                "movable": True,
                "quantity": float(line.quantity),
                **_product(story, line.product),
            }
            for place, line in enumerate(order.lines, 1)
        ],
    }


def _shipment(story: Story, issue: GoodsIssue, version: Version) -> dict[str, Any]:
    told = story.at(version.told)
    left = story.at(version.left) if version.left else told
    carriers = {story.carrier_of(number) for number in version.parcels}
    return {
        "id": _digits(issue.number),
        "number": issue.number,
        "state": version.state,
        "effective_date": _day(left.date()) if version.state == "done" else None,
        "create_date": _instant(left - timedelta(minutes=30)),
        "write_date": _instant(told),
        "company": {"timezone": story.zone},
        "carrier": {"party": {"id": 1, "name": carriers.pop()}} if carriers else None,
        "packages": [
            {"number": f"{issue.number}-{place}", "shipping_reference": number}
            for place, number in enumerate(version.parcels, 1)
        ],
        "outgoing_moves": [
            _move(story, issue, version.state, line, place, left) for place, line in enumerate(version.lines, 1)
        ],
    }


def _move(story: Story, issue: GoodsIssue, state: str, line: Issued, place: int, left: datetime) -> dict[str, Any]:
    return {
        "id": line_id(issue.number, place),
        "state": {"done": "done", "cancelled": "cancelled"}.get(state, "assigned"),
        "quantity": float(line.quantity),
        **_product(story, story.orders_by_number[line.order].lines[line.line - 1].product),
        "origin": f"sale.line,{line_id(line.order, line.line)}",
        "sale": {"number": line.order},
        "write_date": _instant(left),
    }


def _product(story: Story, code: str) -> dict[str, Any]:
    product = story.products[code]
    return {
        "unit": {"symbol": product.unit},
        "product": {"id": _digits(code), "code": code, "template": {"name": product.name}},
    }


def line_id(document: str, place: int) -> int:
    """Give the id, in the ERP, of a document's line."""
    return _digits(document) * 100 + place


def _digits(name: str) -> int:
    return int("".join(filter(str.isdigit, name)))


def _written(at: datetime) -> str:
    return write_time(at).decode()


def _day(day: date) -> dict[str, Any]:
    return {"__class__": "date", "year": day.year, "month": day.month, "day": day.day}


def _instant(at: datetime) -> dict[str, Any]:
    """As Tryton's JSON has it: UTC, by the server's clock."""
    names = ("year", "month", "day", "hour", "minute", "second", "microsecond")
    return {"__class__": "datetime"} | dict(
        zip(names, (*at.astimezone(UTC).timetuple()[:6], at.microsecond), strict=True)
    )
