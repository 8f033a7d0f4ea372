"""The ticket desk that comes with the product (`quayside receive`), for trying things out.

It keeps idempotency keys, answers a write with the whole record, and takes signatures by Standard Webhooks 1.0
(https://www.standardwebhooks.com); without a secret nothing is signed.
"""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from typing import Any

from standardwebhooks import Webhook

from connectors.targets.http import Answer, Endpoint, check_url, endpoint
from connectors.targets.standard_webhooks import webhook
from contracts.connector import Record, Target, TargetSession, Writing
from contracts.envelope import read_time
from contracts.errors import Rejected, Retryable
from contracts.settings import TargetAccount
from mappings.tickets import canonical_names
from mappings.tickets import ticket_desk as mapping

CHANGED = 412
NOT_FOUND = 404


class TicketDeskSession:
    """One account's tasks at a ticket desk."""

    def __init__(self, api: Endpoint, signing: Webhook | None) -> None:
        """Take the API and, where writes are signed, what signs them."""
        self._api = api
        self._signing = signing
        self._mark = ""

    async def look_up(self, key: str) -> Sequence[Record]:
        """Find every episode's record of a task."""
        answer = await self._api.ask("GET", "records", params={"key": key})
        return [_record(found) for found in _part(answer, "records")]

    async def read(self, record_id: str) -> Record | None:
        """Read a record; None where there is none."""
        answer = await self._api.ask("GET", f"records/{record_id}", accept=frozenset({NOT_FOUND}))
        return None if answer.status == NOT_FOUND else _record(answer.json())

    async def create(self, writing: Writing) -> Record:
        """Create a record; the same idempotency key again gives the same record."""
        body = {"key": writing.key, "fields": dict(writing.fields)}
        return _kept(await self._send("POST", "records", body, writing.idempotency_key), writing.fields)

    async def update(self, record: Record, writing: Writing) -> Record:
        """Write our fields with If-Match, once more where somebody was faster."""
        version = record.version
        for _ in range(2):
            if not version:
                version = (await self._existing(record.id)).version
            body = {"record": int(record.id), "fields": dict(writing.fields), "comment": writing.comment}
            message = f"{writing.idempotency_key}/{version}"
            headers = {"If-Match": f'"{version}"'}
            answer = await self._send("PATCH", f"records/{record.id}", body, message, headers)
            if answer.status != CHANGED:
                return _kept(answer, writing.fields)
            current = await self._existing(record.id)
            if not current.is_open:
                return current
            version = current.version
        raise Retryable(f"record {record.id} changes faster than it can be read", code="changed")

    async def close(self, record: Record, writing: Writing) -> Record:
        """Close a record with the reason."""
        body = {"record": int(record.id), "comment": writing.comment}
        answer = await self._send("POST", f"records/{record.id}/close", body, f"{writing.idempotency_key}/close")
        closed = _record(answer.json())
        if closed.is_open:
            raise Rejected(f"record {record.id} is still open after it was closed", code="not_kept")
        return closed

    @property
    def mark(self) -> str:
        """The desk's own mark: the number of a line of its journal."""
        return self._mark

    async def changed_since(self, mark: str) -> AsyncIterator[Record]:
        """Tell the records that were opened or closed since `mark`."""
        answer = await self._api.ask("GET", "records", params={"changed_since": mark or "0"})
        for found in _part(answer, "records"):
            yield _record(found)
        self._mark = str(_part(answer, "mark"))

    async def _existing(self, record_id: str) -> Record:
        found = await self.read(record_id)
        if found is None:
            raise _gone(f"record {record_id}")
        return found

    async def _send(
        self, method: str, path: str, body: Mapping[str, Any], message: str, headers: Mapping[str, str] | None = None
    ) -> Answer:
        content = json.dumps(body, ensure_ascii=False)
        sent = {"Content-Type": "application/json", "webhook-id": message, **(headers or {})}
        if self._signing is not None:
            at = datetime.now(UTC)
            sent["webhook-timestamp"] = str(int(at.timestamp()))
            sent["webhook-signature"] = self._signing.sign(message, at, content)
        accept = frozenset() if path == "records" else frozenset({CHANGED, NOT_FOUND})
        answer = await self._api.ask(method, path, content=content.encode(), headers=sent, accept=accept)
        if answer.status == NOT_FOUND:
            raise _gone(path)
        return answer


def _record(found: Any) -> Record:  # noqa: ANN401  the desk's own JSON
    try:
        return Record(
            id=found["id"],
            is_open=found["is_open"],
            version=found["version"],
            fields=found["fields"],
            key=found["key"],
            idempotency_key=found["idempotency_key"],
            closed_by=found["closed_by"],
            closed_at=read_time(found["closed_at"]) if found["closed_at"] else None,
            closed_reason=found["closed_reason"],
            refused=found["refused"],
            approved_by=found["approved_by"],
        )
    except (KeyError, TypeError) as error:
        raise Retryable(f"a success that holds no record: {error}", code="not_json") from error


def _kept(answer: Answer, written: Mapping[str, str]) -> Record:
    """Read the record that a write was answered with; raises Rejected where it lacks what was written."""
    record = _record(answer.json())
    lost = sorted(name for name, value in written.items() if record.fields.get(name) != value)
    if lost and record.is_open:
        raise Rejected(f"record {record.id} did not keep {', '.join(lost)}", code="not_kept")
    return record


def _part(answer: Answer, name: str) -> Any:  # noqa: ANN401  the desk's own JSON
    found = answer.json()
    if not isinstance(found, dict) or name not in found:
        raise Retryable(f"a success without {name}", code="not_json")
    return found[name]


def _gone(what: str) -> Rejected:
    return Rejected(f"{what} no longer exists", code="gone")


def check(account: TargetAccount) -> None:
    """Refuse an account whose url or options are wrong."""
    check_url(account)
    mapping.options_of(account)


@asynccontextmanager
async def open_session(account: TargetAccount, secret: str | None) -> AsyncIterator[TargetSession]:
    """Open a session; raises Rejected where the secret is none of Standard Webhooks'."""
    signing = webhook(secret) if secret else None
    async with endpoint(account, "/", mapping.options_of(account).timeout_seconds, {}) as api:
        yield TicketDeskSession(api, signing)


async def probe(account: TargetAccount, secret: str | None) -> Sequence[str]:
    """Ask whether the desk is there; which secrets it takes shows only at a write."""
    async with open_session(account, secret) as session:
        await session.look_up("quayside")
    return ()


TICKET_DESK = Target(
    name="ticket-desk",
    title="Ticket desk of `quayside receive`",
    documentation=("https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md",),
    read_on=date(2026, 11, 21),
    check=check,
    open=open_session,
    fields=mapping.fields,
    keeps_idempotency_keys=True,
    notice_fields=mapping.notice_fields,
    status_fields=canonical_names.status_fields,
    step_fields=canonical_names.step_fields,
    default_fields=mapping.DEFAULT_FIELDS,
    default_status_fields=canonical_names.DEFAULT_STATUS_FIELDS,
    probe=probe,
)
