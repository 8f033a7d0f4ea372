"""The delivery's status in properties of orders: upserts by a property with unique values, many in one call.

What comes while a call is under way waits for it and goes together, up to 100 in one batch and no order twice. A batch
that is refused as a whole (400, 409) is halved until the one that is wrong is alone. A success may carry errors
(`errors`, 207): each order is only done when it stands among the results.

Source: https://developers.hubspot.com/docs/api-reference/latest/crm/objects/orders/batch/upsert-orders and
https://developers.hubspot.com/docs/api-reference/latest/error-handling, "Multi-status errors". That 409 refuses a whole
batch: https://github.com/airbytehq/airbyte/pull/76340
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from connectors.targets.http import failure
from connectors.targets.hubspot.api import AT_ONCE, VERSION, Crm, Json, results_in
from contracts.errors import QuaysideError, Rejected, Retryable
from mappings.tickets import hubspot as mapping

ORDERS = "orders"
_WHOLE = frozenset({400, 409})
_PASSING = {"CONFLICT", "RATE_LIMITS", "INTERNAL_ERROR", "SERVICE_UNAVAILABLE"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """One order's properties. done: what became of them."""

    id: str
    properties: Mapping[str, str]
    done: asyncio.Future[Json]


@dataclass(slots=True)
class Orders:
    """Upserts orders. id_property: the property with unique values."""

    crm: Crm
    id_property: str
    _waiting: list[Wanted] = field(default_factory=list)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def upsert(self, number: str, properties: Mapping[str, str]) -> Json:
        """Write an order, alone or with others; raises Retryable or Rejected for this one alone."""
        wanted = Wanted(number, properties, asyncio.get_running_loop().create_future())
        self._waiting.append(wanted)
        try:
            async with self._turn:
                if not wanted.done.done():
                    await self._send_with(wanted)
            return await wanted.done
        finally:
            wanted.done.cancel()
            if wanted in self._waiting:
                self._waiting.remove(wanted)

    async def _send_with(self, first: Wanted) -> None:
        """Send one batch that holds `first`. Whoever is not answered, as when we are cancelled, sends its own later."""
        batch = {first.id: first}
        for other in self._waiting:
            if len(batch) < AT_ONCE:
                batch.setdefault(other.id, other)
        taken = list(batch.values())
        await self._send(taken)
        self._waiting = [wanted for wanted in self._waiting if not wanted.done.done()]

    async def _send(self, batch: Sequence[Wanted]) -> None:
        inputs = [
            {"id": one.id, "idProperty": self.id_property, "objectWriteTraceId": one.id, "properties": one.properties}
            for one in batch
        ]
        try:
            answer = await self.crm.ask(
                "POST", f"objects/{VERSION}/{ORDERS}/batch/upsert", None, {"inputs": inputs}, accept=_WHOLE
            )
            if answer.status in _WHOLE:
                raise failure(answer, self.crm.api.title, datetime.now(UTC))
            found = {str(one["properties"].get(mapping.KEY)): one for one in results_in(answer)}
            errors = answer.object().get("errors") or []
        except QuaysideError as error:
            await self._apart(batch, error)
            return
        left = [one for one in batch if one.properties[mapping.KEY] not in found]
        for one in batch:
            if one not in left:
                _settle(one, found[one.properties[mapping.KEY]])
        if left:
            await self._refused(left, errors)

    async def _refused(self, left: Sequence[Wanted], errors: Sequence[Json]) -> None:
        """Tell each order the error that names it; those that none names are sent apart."""
        unnamed = []
        for one in left:
            error = next((told for told in errors if _names(told, one.id)), None)
            if error is None and len(left) == 1:
                error = next(iter(errors), {"message": "a success that does not name the order"})
            if error is None:
                unnamed.append(one)
            else:
                _settle(one, _error(error))
        if unnamed:
            await self._halves(unnamed)

    async def _apart(self, batch: Sequence[Wanted], error: QuaysideError) -> None:
        if len(batch) == 1 or error.code not in {"http_400", "conflict"}:
            for one in batch:
                _settle(one, error)
        else:
            await self._halves(batch)

    async def _halves(self, batch: Sequence[Wanted]) -> None:
        middle = (len(batch) + 1) // 2
        for half in (batch[:middle], batch[middle:]):
            if half:
                await self._send(half)


def _settle(wanted: Wanted, outcome: Json | QuaysideError) -> None:
    if wanted.done.done():
        return
    if isinstance(outcome, QuaysideError):
        wanted.done.set_exception(outcome)
    else:
        wanted.done.set_result(outcome)


def _names(error: Json, number: str) -> bool:
    context = error.get("context") or {}
    return any(number in (context.get(name) or ()) for name in ("objectWriteTraceId", "ids"))


def _error(told: Json) -> QuaysideError:
    reason = f"HubSpot did not take the order: {told.get('message', '')}"[:300]
    if told.get("category") in _PASSING:
        return Retryable(reason, code="conflict" if told["category"] == "CONFLICT" else "busy")
    return Rejected(reason, code="not_kept")
