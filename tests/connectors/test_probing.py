"""What polled systems say is missing for a poll."""

import base64
import json
from collections.abc import Sequence

import httpx
import pytest

from connectors.pollers.erpnext import ERPNEXT
from connectors.pollers.odoo import ODOO
from connectors.pollers.sample_file import SAMPLE_FILE
from connectors.pollers.tryton_fields import GOODS_ISSUE, ORDER
from connectors.pollers.tryton_probing import problems
from connectors.pollers.tryton_rest import TrytonRest
from connectors.probing import problems_of
from contracts.connector import Poller
from contracts.errors import Rejected, Retryable
from contracts.settings import PollerAccount
from tests.fakes.erpnext import SECRET, Site, serving_site
from tests.fakes.erpnext import sell as sell_in_erpnext
from tests.fakes.odoo import DATABASE, KEY, LOGIN, Odoo, company, sell, serving_odoo

XMLRPC = {"api": "xmlrpc", "database": DATABASE, "login": LOGIN}


async def probed(poller: Poller, url: str, secret: str, **options: str) -> Sequence[str]:
    assert poller.probe is not None
    account = PollerAccount(name="works", connector=poller.name, url=url, options=options)
    return await poller.probe(account, secret)


@pytest.mark.parametrize("version", [19, 18])
async def test_odoo_names_each_model_that_may_not_be_read_and_each_field_that_is_missing(version: int) -> None:
    odoo = company(Odoo(version=version))
    sell(odoo, 1)
    odoo.hidden = {"stock.picking"}
    odoo.fields["sale.order"].discard("commitment_date")
    options = {} if version == 19 else XMLRPC
    async with serving_odoo(odoo) as url:
        found = await probed(ODOO, url, KEY, **options)
        assert any("stock.picking" in problem for problem in found)
        assert any("sale.order has no field commitment_date" in problem for problem in found)
        with pytest.raises(Rejected) as caught:
            await probed(ODOO, url, "not the key", **options)
    assert caught.value.code == "unauthorised"


async def test_erpnext_names_each_doctype_that_may_not_be_read_and_a_company_that_is_not_there() -> None:
    site = Site()
    sell_in_erpnext(site, "SO-1")
    site.write("Company", "Works")
    async with serving_site(site) as url:
        assert list(await probed(ERPNEXT, url, SECRET, company="Works")) == []
        site.hidden = {"Shipment"}
        shipment, company = await probed(ERPNEXT, url, SECRET, company="Wroks")
        assert "doctype access via role permission for Shipment" in shipment
        assert company == "there is no company 'Wroks'"
        with pytest.raises(Rejected) as caught:
            await probed(ERPNEXT, url, "not:right")
    assert caught.value.code == "unauthorised"


async def test_tryton_names_what_it_hides_and_what_it_refuses() -> None:
    """A field that the key's user may not read is left out without a word; a model is refused with a sentence."""

    def answer(request: httpx.Request) -> httpx.Response:
        model = request.url.path.rpartition("/")[2]
        assert ["company", "=", 1] in json.loads(base64.urlsafe_b64decode(request.url.params["d"]))
        if model == GOODS_ISSUE.model:
            return httpx.Response(400, json={"message": "You are not allowed to access stock.shipment.out."})
        named = (path.partition(".")[0] for path in request.url.params.get_list("f"))
        return httpx.Response(200, json=[{"id": 1} | {name: None for name in named if name != "shipping_date"}])

    url = "https://erp.example/db"
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url=f"{url}/rest/") as client:
        order, issue = await problems(TrytonRest(client, url), (ORDER, GOODS_ISSUE), 1, frozenset())
    assert "hides `shipping_date` of sale.sale" in order
    assert "not allowed to access stock.shipment.out" in issue


async def test_a_sample_file_that_is_not_there_is_told() -> None:
    with pytest.raises(Rejected, match="cannot be read"):
        await probed(SAMPLE_FILE, "file:nowhere.jsonl", "")


async def test_one_refusal_does_not_hide_the_next_and_a_system_that_is_away_ends_the_asking() -> None:
    asked: list[str] = []

    def fails(error: Exception) -> "Sequence[str]":
        asked.append(str(error))
        raise error

    async def hidden() -> Sequence[str]:
        return fails(Retryable("may not be read", code="forbidden"))

    async def wrong() -> Sequence[str]:
        return fails(Rejected("no such field", code="refused"))

    async def away() -> Sequence[str]:
        return fails(Retryable("cannot be reached", code="unreachable"))

    assert await problems_of(hidden, wrong) == ["may not be read", "no such field"]
    asked.clear()
    with pytest.raises(Retryable, match="cannot be reached"):
        await problems_of(away, wrong)
    assert asked == ["cannot be reached"]
