"""`POST /in/{connector}/{account}[/{token}]`: read, verify, make durable, acknowledge, in this order and no other."""

import asyncio
import time
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus

import structlog
from fastapi import FastAPI, Request, Response
from starlette.requests import ClientDisconnect

from connectors.acknowledgements import json_reply
from connectors.ingress.accounts import Door, Doors
from connectors.ingress.body import TooLarge, read_body
from connectors.ingress.durable import RETRY_AFTER, Durable
from connectors.ingress.trace import trace_id, traceparent_of
from connectors.operations import Readiness, operations_routes
from contracts.connector import Reply, Source
from contracts.errors import Rejected, Retryable
from contracts.metrics import INBOUND
from contracts.raw import RawRequest
from contracts.topics import BODY_LIMIT, HEADERS_LIMIT

READ_SECONDS = 15.0
"""Within how many real seconds a body must have arrived."""
REQUESTS = 256
"""How many requests are under way at once; with `BODY_LIMIT` it bounds the memory of a process."""
NOT_FOUND = json_reply({"detail": "Not Found"}, HTTPStatus.NOT_FOUND)
_CLOSE = {"connection": "close"}

log = structlog.get_logger(__name__)


def ingress_app(doors: Doors, durable: Durable, readiness: Readiness) -> FastAPI:
    """Make the application."""
    under_way = asyncio.Semaphore(REQUESTS)
    app = FastAPI(openapi_url=None, redirect_slashes=False, routes=operations_routes(readiness))

    async def receive(request: Request, connector: str, account: str, token: str) -> Response:
        door = doors.find(connector, account, token)
        if door is None:
            INBOUND.labels("unknown", "unknown_account").inc()
            log.info("request", outcome="unknown_account")
            return _response(NOT_FOUND)
        if under_way.locked():
            return _response(_busy(door))
        async with under_way:
            return _response(await _take(request, door, durable))

    @app.post("/in/{connector}/{account}")
    async def signed(request: Request, connector: str, account: str) -> Response:
        return await receive(request, connector, account, "")

    @app.post("/in/{connector}/{account}/{token}")
    async def by_secret_path(request: Request, connector: str, account: str, token: str) -> Response:
        return await receive(request, connector, account, token)

    return app


def _busy(door: Door) -> Reply:
    INBOUND.labels(door.source.name, "overloaded").inc()
    log.warning("request", connector=door.source.name, account=door.account, outcome="overloaded")
    return _unavailable(door, RETRY_AFTER)


async def _take(request: Request, door: Door, durable: Durable) -> Reply:
    started = time.perf_counter()
    traceparent = traceparent_of(request.headers.get("traceparent"))
    outcome, reply, size = await _answer(request, door, durable, traceparent)
    INBOUND.labels(door.source.name, outcome).inc()
    log.info(
        "request",
        connector=door.source.name,
        account=door.account,
        outcome=outcome,
        status=int(reply.status),
        bytes=size,
        seconds=round(time.perf_counter() - started, 4),
        trace=trace_id(traceparent),
    )
    return reply


async def _answer(request: Request, door: Door, durable: Durable, traceparent: str) -> tuple[str, Reply, int]:
    """Give what became of a request, the answer to it, and how large it was."""
    refuse = door.source.refuse
    try:
        async with asyncio.timeout(READ_SECONDS):
            body = await read_body(request)
    except TooLarge:
        reply = refuse(f"more than {BODY_LIMIT} bytes", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return "too_large", replace(reply, headers=_CLOSE), BODY_LIMIT
    except TimeoutError:
        reply = refuse(f"not here within {READ_SECONDS:g} s", HTTPStatus.REQUEST_TIMEOUT)
        return "too_slow", replace(reply, headers=_CLOSE), 0
    except ClientDisconnect:
        return "disconnected", refuse("incomplete", HTTPStatus.BAD_REQUEST), 0
    return *await _store(request, body, door, durable, traceparent), len(body)


async def _store(request: Request, body: bytes, door: Door, durable: Durable, traceparent: str) -> tuple[str, Reply]:
    """Verify a request and make it durable; give what became of it, and the answer."""
    source = door.source
    kept, credentials = _headers(request, source.headers), _headers(request, source.verify.headers)
    content_type = request.headers.get("content-type", "")
    read = [content_type, *kept, *kept.values(), *credentials, *credentials.values()]
    if sum(map(len, read)) > HEADERS_LIMIT:
        too_many = f"headers of more than {HEADERS_LIMIT} bytes"
        return "too_large", source.refuse(too_many, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
    with durable.accepting() as received_at:
        raw = RawRequest(source.name, door.account, body, received_at, content_type, kept)
        try:
            door.verify(replace(raw, headers={**kept, **credentials}))
            if (objection := await _objection(source, raw)) is not None:
                return "invalid", objection
            await durable.write(*raw.record(traceparent))
        except Rejected as error:
            return "refused", source.refuse(error.reason, HTTPStatus.UNAUTHORIZED)
        except Retryable as error:
            return "unavailable", _unavailable(door, error.retry_after or RETRY_AFTER)
    return "stored", door.acknowledge(raw)


async def _objection(source: Source, raw: RawRequest) -> Reply | None:
    """Ask beside the loop: a large batch takes a while to read, and others are to be answered meanwhile."""
    return None if source.objection is None else await asyncio.to_thread(source.objection, raw)


def _headers(request: Request, names: frozenset[str]) -> dict[str, str]:
    return {name: value for name, value in request.headers.items() if name in names}


def _unavailable(door: Door, wait: timedelta) -> Reply:
    reply = door.source.refuse("try again later", HTTPStatus.SERVICE_UNAVAILABLE)
    return replace(reply, headers={"retry-after": str(int(wait.total_seconds()))})


def _response(reply: Reply) -> Response:
    return Response(reply.body, reply.status, dict(reply.headers), reply.content_type)
