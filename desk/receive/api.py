"""What a target writes to the ticket desk and reads from it: JSON over HTTP.

    POST  /records              {key, fields}                 201, or 200 where the webhook-id is known
    PATCH /records/{id}         {record, fields, comment}     If-Match: the version; 412 where it has another
    POST  /records/{id}/close   {record, comment}
    GET   /records              ?key=KEY, ?changed_since=MARK {records, mark}
    GET   /records/{id}

Writes are signed by Standard Webhooks 1.0 (webhook-id, webhook-timestamp, webhook-signature; five minutes of
tolerance); `webhook-id` of a POST to /records is the idempotency key. `record` repeats the id, because a signature
covers the body and not the path. Errors are `{"message": ...}`.
"""

import json
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request
from fastapi.responses import JSONResponse
from pydantic import Field
from standardwebhooks import Webhook, WebhookVerificationError

from contracts.errors import Rejected
from contracts.model import Contract, read
from desk.receive.desk import Desk, Missing, Stale, Task

_STATUS = {"unsigned": 401, "precondition_required": 428, "bad_mark": 400, "too_large": 413}
SIZE_LIMIT = 256 * 1024


class Created(Contract):
    """The body of a create."""

    key: str = Field(min_length=1)
    fields: dict[str, str]


class Changed(Contract):
    """The body of an update."""

    record: int
    fields: dict[str, str]
    comment: str = ""


class Closed(Contract):
    """The body of a close."""

    record: int
    comment: str = ""


async def verified_body(request: Request) -> bytes:
    """Read the body of a write; raises Rejected where it is too large or no secret of ours signed it."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > SIZE_LIMIT:
            raise Rejected(f"a body of more than {SIZE_LIMIT} bytes", code="too_large")
    webhook: Webhook | None = request.app.state.webhook
    if webhook is not None:
        try:
            webhook.verify(bytes(body), dict(request.headers), json_parse=False)
        except (WebhookVerificationError, ValueError) as error:
            raise Rejected(f"the signature does not hold: {error}", code="unsigned") from error
    return bytes(body)


Body = Annotated[bytes, Depends(verified_body)]
router = APIRouter()


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


TheDesk = Annotated[Desk, Depends(_desk)]


@router.post("/records")
async def create(body: Body, desk: TheDesk, webhook_id: Annotated[str | None, Header()] = None) -> JSONResponse:
    """Create a task, once for each webhook-id."""
    if not webhook_id:
        raise Rejected("a create needs a webhook-id", code="precondition_required")
    created = read(Created, body)
    task, new = desk.create(created.key, webhook_id, created.fields)
    return JSONResponse(shown(task), status_code=201 if new else 200)


@router.patch("/records/{number}")
async def change(
    number: int, body: Body, desk: TheDesk, if_match: Annotated[str | None, Header()] = None
) -> JSONResponse:
    """Set some of a task's fields."""
    changed = read(Changed, body)
    _is_same(changed.record, number)
    version = (if_match or "").strip('"')
    if not version.isdecimal():
        raise Rejected("an update needs If-Match with the version that it changes", code="precondition_required")
    return JSONResponse(shown(desk.change(number, int(version), changed.fields, changed.comment)))


@router.post("/records/{number}/close")
async def close(number: int, body: Body, desk: TheDesk) -> JSONResponse:
    """Close a task."""
    closed = read(Closed, body)
    _is_same(closed.record, number)
    return JSONResponse(shown(desk.close(number, reason=closed.comment)))


@router.get("/records")
async def find(desk: TheDesk, key: str | None = None, changed_since: str = "0") -> JSONResponse:
    """Give tasks, and the mark from which on `changed_since` tells what came later."""
    if not changed_since.isdecimal():
        raise Rejected(f"not a mark: {changed_since!r}", code="bad_mark")
    found = [shown(task) for task in desk.find(key=key, since=int(changed_since))]
    return JSONResponse({"records": found, "mark": str(desk.mark)})


@router.get("/records/{number}")
async def one(number: int, desk: TheDesk) -> JSONResponse:
    """Give a task."""
    return JSONResponse(shown(desk.task(number)))


def refusal(_request: Request, error: Exception) -> JSONResponse:
    """Answer an error in words."""
    if not isinstance(error, Rejected):
        raise error
    status = 404 if isinstance(error, Missing) else 412 if isinstance(error, Stale) else _STATUS.get(error.code, 422)
    return JSONResponse({"message": str(error), "code": error.code}, status_code=status)


def shown(task: Task) -> Mapping[str, Any]:
    """Write a task as JSON."""
    closing = task.closing
    return {
        "id": str(task.id),
        "key": task.key,
        "idempotency_key": task.idempotency_key,
        "version": str(task.version),
        "is_open": task.is_open,
        "fields": task.fields,
        "received": task.received,
        "opened_at": task.opened_at.isoformat(),
        "closed_by": closing.by if closing else "",
        "closed_at": closing.at.isoformat() if closing else None,
        "closed_reason": closing.text if closing else "",
        "refused": bool(closing and closing.refused),
        "approved_by": closing.approved_by if closing else "",
        "history": [json.loads(line.model_dump_json(exclude_defaults=True)) for line in task.history],
    }


def _is_same(in_body: int, in_path: int) -> None:
    if in_body != in_path:
        raise Rejected(f"the body speaks of record {in_body}, the path of {in_path}", code="other_record")
