"""A session with a Tryton that answers as trytond 8.2 does: what is asked, what is told, and what is refused."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from connectors.pollers.tryton import IMPLAUSIBLE, TRYTON, TrytonSession
from connectors.pollers.tryton_rest import TrytonRest
from contracts.clock import WallClock
from contracts.connector import Document, Reading
from contracts.errors import Rejected
from contracts.settings import PollerAccount

MORNING = datetime(2026, 3, 2, 8, tzinfo=UTC)
URL = "https://erp.example/db"
ACCOUNT = PollerAccount(name="erp", connector="tryton", url=URL, overlap_seconds=300)
Row = dict[str, Any]


def stamp(at: datetime) -> Row:
    parts = ("year", "month", "day", "hour", "minute", "second", "microsecond")
    return {"__class__": "datetime"} | {part: getattr(at, part) for part in parts}


def _order(written: Row) -> list[int]:
    return [written[part] for part in ("year", "month", "day", "hour", "minute", "second", "microsecond")]


def whole(fields: Sequence[str]) -> Row:
    """A record that has all these fields, and nothing in them."""
    return dict.fromkeys({path.partition(".")[0] for path in fields})


@dataclass
class Server:
    """A Tryton with these sales, by id, written at these instants.

    moved: the sales with a move that was written now. shipments: in which shipment those moves stand; returns: in which
    return. returned_of: for each sale by which goods come back, the one with which they had left. lined: the sales with
    a line that was written now. packed: what each package that was written now is for; None where the module for
    packages is not activated. hides: a field that the user may not read.
    """

    sales: dict[int, datetime] = field(default_factory=dict)
    moved: tuple[int, ...] = ()
    shipments: dict[int, int] = field(default_factory=dict)
    returns: dict[int, int] = field(default_factory=dict)
    returned_of: dict[int, int] = field(default_factory=dict)
    lined: tuple[int, ...] = ()
    packed: tuple[str | None, ...] | None = None
    companies: tuple[int, ...] = (1,)
    now: datetime = MORNING
    hides: str = ""
    without_number: frozenset[int] = frozenset()
    domains: list[tuple[str, Any]] = field(default_factory=list)

    def answer(self, request: httpx.Request) -> httpx.Response:
        model = request.url.path.rpartition("/")[2]
        domain = json.loads(base64.urlsafe_b64decode(request.url.params["d"]))
        fields = request.url.params.get_list("f")
        self.domains.append((model, domain))
        rows: list[Row] = []
        if model == "company.company":
            rows = [{"id": number, "party": {"name": f"Company {number}"}} for number in self.companies]
        elif model == "sale.sale":
            rows = [self._sale(number, fields) for number in self._wanted(domain)]
        elif model == "stock.move":
            asked = next((condition[2] for condition in domain if condition[:2] == ["sale", "in"]), self.moved)
            rows = [self._move(sale) for sale in self.moved if sale in asked]
        elif model == "sale.line":
            rows = [self._child(300 + sale, sale=sale) for sale in self.lined]
        elif model == "stock.package":
            rows = [self._child(400 + number, shipment=told) for number, told in enumerate(self.packed or ())]
        elif model == "ir.model.field" and ["model", "=", "stock.shipment.out"] in domain and self.packed is not None:
            rows = [{"id": 1, "name": "packages"}]
        elif model == "stock.shipment.out" and "in" in domain[0]:
            rows = [self._shipment(number, fields) for number in domain[0][2]]
        elif model == "stock.shipment.out.return" and "in" in domain[0]:
            rows = [self._return(number, fields) for number in domain[0][2]]
        told = {"id", *whole(fields)} - {self.hides}
        rows = [{name: value for name, value in row.items() if name in told} for row in rows]
        date = self.now.strftime("%a, %d %b %Y %H:%M:%S GMT")
        return httpx.Response(200, json=rows, headers={"Date": date})

    def _wanted(self, domain: Any) -> list[int]:  # noqa: ANN401 - whatever was asked
        condition = domain[0]
        if condition[1] == "in":
            return sorted(set(condition[2]) & set(self.sales))
        if origins := [asked[2] for asked in domain if asked[:2] == ["origin", "in"]]:
            return [sale for sale, of in sorted(self.returned_of.items()) if f"sale.sale,{of}" in origins[0]]
        if named := [asked[2] for asked in domain if asked[:2] == ["number", "="]]:
            return [number for number in sorted(self.sales) if f"SO{number}" in named]
        since = next(
            (stamps[1][2] for stamps in domain[1:] if stamps[:1] == ["OR"]), stamp(datetime.fromtimestamp(0, UTC))
        )
        return sorted(
            number
            for number, written in self.sales.items()
            if number > condition[2] and _order(stamp(written)) >= _order(since)
        )

    def conditions(self, model: str) -> list[Any]:
        """Give the conditions under which a model was last asked for."""
        return list([domain for asked, domain in self.domains if asked == model][-1])

    def _move(self, sale: int) -> Row:
        shipment = self.shipments.get(sale)
        told = None if shipment is None else f"stock.shipment.out,{shipment}"
        if sale in self.returns:
            told = f"stock.shipment.out.return,{self.returns[sale]}"
        return self._child(100 + sale, sale=sale, shipment=told)

    def _child(self, number: int, **parents: int | str | None) -> Row:
        return {"id": number, **parents, "create_date": stamp(self.now), "write_date": None}

    def _shipment(self, number: int, fields: Sequence[str]) -> Row:
        return {**whole(fields), "id": number, "number": f"GI{number}", "state": "done", "outgoing_moves": []}

    def _return(self, number: int, fields: Sequence[str]) -> Row:
        moves = [
            {"id": 200 + sale, "sale": {"number": f"SO{sale}", "origin": f"sale.sale,{self.returned_of[sale]}"}}
            for sale, shipment in self.returns.items()
            if shipment == number
        ]
        moves = [{**whole([path.removeprefix("incoming_moves.") for path in fields]), **move} for move in moves]
        return {**whole(fields), "id": number, "number": f"RT{number}", "state": "done", "incoming_moves": moves}

    def _sale(self, number: int, fields: Sequence[str]) -> Row:
        name = None if number in self.without_number else f"SO{number}"
        written = {"create_date": stamp(self.sales[number]), "write_date": None}
        return {**whole(fields), "id": number, "number": name, "state": "draft", "lines": [], **written}


def with_session(
    server: Server, use: Callable[[TrytonSession], AsyncIterator[Reading]], account: PollerAccount = ACCOUNT
) -> tuple[list[Reading], str]:
    """What was read, and the mark behind it."""

    async def run() -> tuple[list[Reading], str]:
        transport = httpx.MockTransport(server.answer)
        async with httpx.AsyncClient(transport=transport, base_url=f"{URL}/rest/") as client:
            session = TrytonSession(TrytonRest(client, URL), account, WallClock(MORNING, 0.0, 0.0))
            return [reading async for reading in use(session)], session.mark

    return asyncio.run(run())


def changed(server: Server, mark: str = "", account: PollerAccount = ACCOUNT) -> tuple[list[str], str]:
    found, mark = with_session(server, lambda session: session.changed_since(mark), account)
    return [reading.document.document for reading in found], mark


def test_the_first_poll_reads_everything_and_the_next_begins_before_its_mark() -> None:
    server = Server({7: MORNING - timedelta(days=400), 8: MORNING - timedelta(minutes=1)})
    told, mark = changed(server)
    assert told == ["SO7", "SO8"]
    assert mark == "2026-03-02T07:59:00.000000Z"
    server.domains.clear()
    changed(server, mark)
    begins = stamp(MORNING - timedelta(minutes=1, seconds=ACCOUNT.overlap_seconds))
    asked = [domain for model, domain in server.domains if model in {"sale.line", "stock.move"}]
    assert len(asked) == 2
    assert all(["OR", ["create_date", ">=", begins], ["write_date", ">=", begins]] in domain for domain in asked)


def test_a_move_leads_to_the_sale_that_it_serves_though_it_stands_in_no_shipment_yet() -> None:
    server = Server({7: MORNING - timedelta(days=4), 8: MORNING - timedelta(days=4)}, moved=(7,))
    assert changed(server, "2026-03-02T07:59:00.000000Z")[0] == ["SO7"]
    shipments = [["shipment", "like", f"{model},%"] for model in ("stock.shipment.out", "stock.shipment.out.return")]
    served = ["OR", *shipments, ["origin", "like", "sale.line,%"]]
    assert served in server.conditions("stock.move")


def test_a_line_leads_to_its_sale() -> None:
    server = Server({7: MORNING - timedelta(days=4), 8: MORNING - timedelta(days=4)}, lined=(7,))
    assert changed(server, "2026-03-02T07:59:00.000000Z")[0] == ["SO7"]
    assert ["sale.company", "=", 1] in server.conditions("sale.line")


def test_a_package_leads_to_the_shipment_in_which_it_stands_and_to_none_that_is_not_told() -> None:
    elsewhere = ("stock.shipment.internal,71", "stock.shipment.in.return,72", None)
    server = Server({7: MORNING - timedelta(days=4)}, packed=("stock.shipment.out,70", *elsewhere))
    assert changed(server, "2026-03-02T07:59:00.000000Z")[0] == ["GI70"]
    assert ["company", "=", 1] in server.conditions("stock.package")


def test_packages_are_asked_for_only_where_there_are_any() -> None:
    """Tryton answers 500 for a model of a module that is not activated."""
    for packed, asked in ((None, False), ((), True)):
        server = Server({7: MORNING - timedelta(days=4)}, packed=packed)
        changed(server, "2026-03-02T07:59:00.000000Z")
        assert ("stock.package" in {model for model, _ in server.domains}) is asked


def test_the_mark_is_never_beyond_the_clock_of_the_server() -> None:
    """What a transaction under way wrote may be dated later than what is visible now."""
    _, mark = changed(Server({7: MORNING + timedelta(minutes=5)}))
    assert mark == "2026-03-02T08:00:00.000000Z"


def test_the_mark_never_falls() -> None:
    _, mark = changed(Server({7: MORNING - timedelta(hours=1)}), "2026-03-02T07:59:00.000000Z")
    assert mark == "2026-03-02T07:59:00.000000Z"


def test_a_first_poll_goes_back_as_far_as_it_is_told() -> None:
    server = Server()
    changed(server, account=ACCOUNT.model_copy(update={"options": {"since": "2026-03-01T00:00:00Z"}}))
    begins = stamp(datetime(2026, 3, 1, tzinfo=UTC))
    [asked] = [domain for model, domain in server.domains if model == "sale.line"]
    assert ["OR", ["create_date", ">=", begins], ["write_date", ">=", begins]] in asked


def test_a_draft_is_not_told_before_it_has_a_number() -> None:
    assert changed(Server({7: MORNING, 8: MORNING}, without_number=frozenset({7})))[0] == ["SO8"]


def documents(count: int) -> list[Document]:
    return [Document("order", f"SO{number}", str(number)) for number in range(1, count + 1)]


def test_what_is_gone_is_withdrawn_and_what_is_there_is_read() -> None:
    found, _ = with_session(Server({1: MORNING}), lambda session: session.read_again(documents(2)))
    assert {reading.document.document: reading.withdrawn for reading in found} == {"SO1": False, "SO2": True}


def test_many_that_vanish_at_once_are_a_right_that_was_taken_away() -> None:
    with pytest.raises(Rejected, match="may the key's user still see them"):
        with_session(Server(), lambda session: session.read_again(documents(IMPLAUSIBLE)))


def test_an_order_is_read_afresh_with_the_shipments_of_its_moves() -> None:
    server = Server({7: MORNING, 8: MORNING}, moved=(7,), shipments={7: 70})
    found, _ = with_session(server, lambda session: session.of_order("SO7"))
    assert [(reading.document.kind, reading.document.document) for reading in found] == [
        ("order", "SO7"),
        ("goods_issue", "GI70"),
    ]
    assert all(json.loads(reading.body)["afresh"] is True for reading in found)
    assert ["sale", "in", [7]] in server.conditions("stock.move")


def test_a_return_is_told_with_the_order_from_which_its_goods_come_back() -> None:
    sales = {7: MORNING - timedelta(days=4), 9: MORNING}
    server = Server(sales, moved=(9,), returns={9: 90}, returned_of={9: 7})
    assert changed(server, "2026-03-02T07:59:00.000000Z")[0] == ["SO9", "RT90"]
    found, _ = with_session(server, lambda session: session.of_order("SO7"))
    assert [(reading.document.kind, reading.document.document) for reading in found] == [
        ("order", "SO7"),
        ("return_receipt", "RT90"),
    ]
    [move] = json.loads(found[-1].body)["record"]["incoming_moves"]
    assert move["sale"]["origin"] == {"id": 7, "number": "SO7"}


def test_productions_are_asked_for_only_where_the_account_says_so() -> None:
    for productions, asked in (("no", False), ("yes", True)):
        server = Server({7: MORNING})
        changed(server, account=ACCOUNT.model_copy(update={"options": {"productions": productions}}))
        assert ("production" in {model for model, _ in server.domains}) is asked


def test_of_an_order_without_shipments_the_sale_alone_is_read_and_of_none_nothing() -> None:
    server = Server({7: MORNING}, moved=(7,))
    assert [reading.document.document for reading in with_session(server, lambda it: it.of_order("SO7"))[0]] == ["SO7"]
    assert with_session(server, lambda session: session.of_order("SO9"))[0] == []


def test_a_field_that_is_hidden_is_told_instead_of_read_as_empty() -> None:
    with pytest.raises(Rejected, match=r"Tryton hides `party\.code` of sale\.sale"):
        changed(Server({7: MORNING}, hides="party"))


@pytest.mark.parametrize(("companies", "option"), [((), None), ((1, 2), None), ((1, 2), "3")])
def test_the_company_must_be_clear(companies: tuple[int, ...], option: str | None) -> None:
    account = ACCOUNT.model_copy(update={"options": {"company": option} if option else {}})
    with pytest.raises(Rejected, match="the account's option `company` must name one of them"):
        changed(Server(companies=companies), account=account)


def test_without_a_key_nothing_is_asked() -> None:
    async def open_it() -> None:
        async with TRYTON.open(ACCOUNT, None, WallClock()):
            pass

    with pytest.raises(Rejected, match="the account erp has no secret"):
        asyncio.run(open_it())
