"""What was changed in SAP since a mark.

An order says the instant of its last change (LastChangeDateTime, which its creation sets, too); a delivery only a date
(LastChangeDate, empty until the first change, and CreationDate), local in the system's zone. So the deliveries of whole
days are looked at, from the day before the one on which the poll begins; what is equal is not told again. The mark is
the latest of these instants, of a date its first, and never lies beyond the server's clock at the poll's first answer:
what is changed while a poll reads is found by the next one.
"""

import re
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from connectors.pollers.sap_odata_api import Row, SapOData
from connectors.pollers.sap_odata_documents import GOODS_ISSUE, ORDER, Kind
from contracts.envelope import read_time, write_time
from contracts.errors import Rejected

_DATE = re.compile(r"/Date\((-?\d{1,15})(?:[+-]\d{4})?\)/")
_DAY = timedelta(days=1)


class Changes:
    """One look at what changed. mark: how far it was looked for, RFC 3339; true once `since` has ended."""

    def __init__(self, api: SapOData, organisation: Sequence[str], here: ZoneInfo) -> None:
        """Take the API, the conditions that every document meets, and the system's zone."""
        self._api = api
        self._organisation = organisation
        self._here = here
        self.mark = ""

    async def since(self, since: datetime | None) -> AsyncIterator[tuple[Kind, list[Row]]]:
        """Give the documents that were changed at or after `since`, page by page; all of them where that is None."""
        highest: datetime | None = None
        began: datetime | None = None
        for kind in (ORDER, GOODS_ISSUE):
            conditions = [*self._organisation, *(() if since is None else (_since(kind, since, self._here),))]
            async for rows in self._api.pages(kind.path, kind.key, conditions, expand=",".join(kind.expand)):
                began = began or self._api.caller.answered_at
                for row in rows:
                    at = _changed_at(kind, row, self._here)
                    highest = at if highest is None or at > highest else highest
                yield kind, rows
        if highest is not None:
            self.mark = write_time(min(highest, began or highest)).decode()


def begin(mark: str, first: datetime | None, overlap_seconds: float) -> datetime | None:
    """Say from when on changes are asked for; before there is a mark, from what is configured."""
    return read_time(mark) - timedelta(seconds=overlap_seconds) if mark else first


def _since(kind: Kind, since: datetime, here: ZoneInfo) -> str:
    if kind is ORDER:
        return f"LastChangeDateTime ge datetimeoffset'{since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}'"
    day = f"datetime'{since.astimezone(here) - _DAY:%Y-%m-%dT00:00:00}'"
    return "(" + " or ".join(f"{name} ge {day}" for name in kind.changed) + ")"


def _changed_at(kind: Kind, row: Row, here: ZoneInfo) -> datetime:
    told = [instant for name in kind.changed if (instant := row.get(name)) is not None]
    try:
        instants = [_instant(text) for text in told]
        latest = max(instants)
    except (TypeError, ValueError, OverflowError) as error:
        raise Rejected(
            f"SAP does not say when {kind.key} {row.get(kind.key)} changed: {told}", code="refused"
        ) from error
    return latest if kind is ORDER else latest.replace(tzinfo=here).astimezone(UTC)


def _instant(text: str) -> datetime:
    told = _DATE.fullmatch(text)
    if told is None:
        raise ValueError(text)
    return datetime.fromtimestamp(int(told[1]) / 1000, UTC)
