"""What a subscriber of Standard Webhooks would be told, to be looked at: `POST /webhooks` takes it, `GET` shows it.

The same `webhook-id` again is the same message, counted in `received`. Kept in memory, the newest thousand.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.responses import JSONResponse

from contracts.errors import Rejected
from contracts.model import Contract, read
from desk.receive.api import Body

KEPT = 1000


class Payload(Contract):
    """The body of a message (Standard Webhooks 1.0, "Webhook payload")."""

    type: str
    timestamp: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """A message as it came last, and how often it came."""

    id: str
    payload: Payload
    received: int = 1

    def shown(self) -> Mapping[str, Any]:
        """Write it as JSON."""
        return {"id": self.id, "received": self.received, **self.payload.model_dump()}


@dataclass(slots=True)
class Subscriber:
    """The messages that came, the oldest first."""

    told: OrderedDict[str, Told] = field(default_factory=OrderedDict)

    def hear(self, message_id: str, payload: Payload) -> None:
        """Take a message."""
        known = self.told.get(message_id)
        self.told[message_id] = replace(known, received=known.received + 1) if known else Told(message_id, payload)
        while len(self.told) > KEPT:
            self.told.popitem(last=False)


router = APIRouter()


def _subscriber(request: Request) -> Subscriber:
    subscriber: Subscriber = request.app.state.subscriber
    return subscriber


TheSubscriber = Annotated[Subscriber, Depends(_subscriber)]


@router.post("/webhooks")
async def hear(body: Body, subscriber: TheSubscriber, webhook_id: Annotated[str | None, Header()] = None) -> Response:
    """Take a message, once for each webhook-id."""
    if not webhook_id:
        raise Rejected("a message needs a webhook-id", code="precondition_required")
    subscriber.hear(webhook_id, read(Payload, body))
    return Response(status_code=204)


@router.get("/webhooks")
async def told(subscriber: TheSubscriber) -> JSONResponse:
    """Give the messages, the oldest first."""
    return JSONResponse({"messages": [message.shown() for message in subscriber.told.values()]})
