"""Any system that signs by Standard Webhooks 1.0 pushes canonical events.

It posts a message with the headers `webhook-id`, `webhook-timestamp` and `webhook-signature`
(https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md). Every 2xx is a success to
it; what is refused, it tells again for days, so a mistake is told at once and seen where the sender shows its failed
messages. A message that is told again is the same, and has no further effect.
"""

from datetime import date
from http import HTTPStatus

from connectors.acknowledgements import json_reply, problem
from connectors.objection import objection_by
from connectors.reading import json_body
from connectors.signatures_standard import standard_webhooks
from contracts.connector import Reply, Source
from mappings.canonical.standard_webhooks import to_events

_READ = json_body()


def refuse(reason: str, status: int) -> Reply:
    """Refuse with a problem; who is not recognised has nothing to log in with, so nothing is offered to it."""
    refusal = problem(reason, status)
    return Reply(refusal.status, refusal.body, refusal.content_type)


STANDARD_WEBHOOKS = Source(
    name="standard-webhooks",
    title="Standard Webhooks 1.0, canonical events",
    documentation=(
        "https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md",
        "https://www.rfc-editor.org/rfc/rfc9457",
    ),
    read_on=date(2026, 11, 21),
    read=_READ,
    verify=standard_webhooks(),
    to_events=to_events,
    acknowledge=json_reply({}, HTTPStatus.ACCEPTED),
    refuse=refuse,
    coverage=None,
    objection=objection_by(_READ, to_events),
)
