"""What an account's names are called there, and about whom a task complains."""

from dataclasses import dataclass

from connectors.targets.tryton_complaint.rest import Json, Rest
from contracts.errors import Rejected, Retryable
from mappings.tickets import tryton_complaint as mapping

SALE, TYPE, COMPANY, PARTY = "sale.sale", "sale.complaint.type", "company.company", "party.party"
IN_FORCE = {"confirmed", "processing", "done"}
"""The states of a sale about which Tryton lets a complaint be made."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where our complaints stand: numbers of company and type."""

    company: int
    type: int


async def find_place(rest: Rest, options: mapping.ComplaintOptions) -> Place:
    """Ask for the numbers of all names; raises Retryable (`misconfigured`) where one is missing: it is mended there."""
    rows = await rest.search(COMPANY, [], ["party.name"])
    found = [row["id"] for row in rows if options.company in {"", str(row["id"])}]
    if len(found) != 1:
        seen = ", ".join(f"{row['id']} ({row['party']['name']})" for row in rows) or "none"
        told = f"the key's user sees these companies: {seen}; the option `company` must name one of them"
        raise Retryable(told, code="misconfigured")
    types = await rest.search(TYPE, [["name", "=", options.type], ["origin.name", "=", SALE]], ["name"])
    if not types:
        told = f"Tryton has no complaint type {options.type!r} whose origin is Sale"
        raise Retryable(told, code="misconfigured")
    return Place(company=found[0], type=types[0]["id"])


async def about(rest: Rest, place: Place, options: mapping.ComplaintOptions, order: str) -> Json:
    """Say about whom and what a task complains: `customer`, and `origin` where the sale is one that can be.

    Raises Rejected (`no_sale`) where Tryton does not know the order, and the account names nobody instead.
    """
    if order:
        of_company = [["company", "=", place.company], ["number", "=", order]]
        for sale in await rest.search(SALE, of_company, ["party", "state"], 1):
            origin = {"origin": f"{SALE},{sale['id']}"} if sale["state"] in IN_FORCE else {}
            return {"customer": sale["party"], **origin}
    if not options.customer:
        told = f"Tryton has no sale {order!r}" if order else "the task is about no order"
        raise Rejected(f"{told}, and the option `customer` names nobody about whom to complain", code="no_sale")
    parties = await rest.search(PARTY, [["code", "=", options.customer]], ["code"], 1)
    if not parties:
        raise Retryable(f"Tryton has no party {options.customer!r}", code="misconfigured")
    return {"customer": parties[0]["id"]}
