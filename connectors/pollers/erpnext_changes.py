"""What was written in ERPNext since a mark, and which documents that leads to.

`modified` is local in the site's zone and does not say it, so the mark is kept as the site writes it, and compared as
such. In the night in which clocks are put back it falls by an hour: a poll begins before the mark and before the time
that it is now, whichever is earlier. The mark never lies beyond the server's clock at the poll's first answer: what is
written while a poll reads is found by the next one. A shipment says the numbers of its delivery notes, so those that
changed are asked for as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from connectors.pollers.erpnext_api import ErpNext
from connectors.pollers.erpnext_documents import GOODS_ISSUE, ORDER, RETURN_RECEIPT

_STAMP = "%Y-%m-%d %H:%M:%S.%f"
_DIGITS = 26


@dataclass(slots=True)
class Changes:
    """The documents that changes lead to, their names by kind, and how far they were looked for."""

    mark: str = ""
    documents: dict[str, set[str]] = field(default_factory=dict)

    def add(self, kind: str, name: str) -> None:
        """Take one."""
        self.documents.setdefault(kind, set()).add(name)


async def changes_since(api: ErpNext, company: Sequence[object], since: datetime | None, here: ZoneInfo) -> Changes:
    """Ask for all that was written at or after the wall-clock time `since`; ever, where that is None."""
    found, highest = Changes(), ""
    written = [] if since is None else [["modified", ">=", since.strftime(_STAMP)]]
    began: datetime | None = None
    for doctype, fields in (("Sales Order", ()), ("Delivery Note", ("is_return",)), ("Shipment", ())):
        # A shipment is of no company; where everything is read, it leads nowhere new.
        if doctype == "Shipment" and since is None:
            continue
        conditions = [*(() if doctype == "Shipment" else company), *written]
        async for rows in api.pages(doctype, conditions, ("modified", *fields)):
            began = began or api.caller.answered_at
            for row in rows:
                highest = max(highest, row["modified"].ljust(20, ".").ljust(_DIGITS, "0"))
                if doctype == "Sales Order":
                    found.add(ORDER.name, row["name"])
                elif doctype == "Delivery Note":
                    found.add((RETURN_RECEIPT if row["is_return"] else GOODS_ISSUE).name, row["name"])
                else:
                    await _notes_of(api, row["name"], found)
    if highest:
        latest = began.astimezone(here).strftime(_STAMP) if began else highest
        found.mark = min(highest, latest)
    return found


async def _notes_of(api: ErpNext, shipment: str, found: Changes) -> None:
    for row in (await api.document("Shipment", shipment) or {}).get("shipment_delivery_note", ()):
        found.add(GOODS_ISSUE.name, row["delivery_note"])


def begin(mark: str, first: datetime | None, now: datetime, overlap_seconds: float, here: ZoneInfo) -> datetime | None:
    """Say from which wall-clock time on changes are asked for; before there is a mark, from what is configured."""
    if not mark:
        return None if first is None else _wall_clock(first, here)
    behind = datetime.strptime(mark, _STAMP)  # noqa: DTZ007 - the site's zone, see above
    return min(behind, _wall_clock(now, here)) - timedelta(seconds=overlap_seconds)


def _wall_clock(at: datetime, here: ZoneInfo) -> datetime:
    return at.astimezone(UTC).astimezone(here).replace(tzinfo=None)
