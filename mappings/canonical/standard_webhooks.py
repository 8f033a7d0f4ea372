"""Messages of Standard Webhooks 1.0 whose data are a canonical event.

A message is `type`, `timestamp` and `data`, as the section "Payload structure" of
https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md has it, or one CloudEvent in
the form of its JSON format, which says the same and more. `type` says what `data` are; `timestamp` is checked, and says
nothing to us: which of two events is newer stands in their data.
"""

from collections.abc import Mapping

from pydantic import Field

from contracts.connector import Context, Mapped
from contracts.errors import Rejected
from contracts.model import Contract, build, shown
from contracts.moment import Instant
from mappings.canonical import cloudevents


class Message(Contract):
    """The payload."""

    type: str = Field(min_length=1)
    timestamp: Instant
    data: dict[str, object]


def to_events(payload: object, context: Context) -> Mapped:
    """Map one message; raises Rejected with the JSON path of the first wrong value."""
    if not isinstance(payload, Mapping):
        raise Rejected(f"found {shown(payload)}; expected a message, which is an object", code="invalid", path="$")
    if "specversion" in payload:
        return cloudevents.to_events(payload, context)
    message = build(Message, **payload)
    return Mapped((cloudevents.canonical(message.type, message.data, context),))
