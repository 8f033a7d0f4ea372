"""The webhooks of any ticket system or CRM, each a hint that wakes whoever watches the target.

Any system that can post JSON to an address can use it: the account has a `token` in its path, and the option `wakes`,
or its own name, says whose watcher wakes. It then reads what people did, as at every poll; so nothing of a webhook has
to be understood, or believed. Two of those systems are named below.
"""

from datetime import date

from connectors.acknowledgements import json_refusal, json_reply
from connectors.reading import json_body
from connectors.signatures import no_proof
from contracts.connector import Source
from mappings import hints
from mappings.tickets import target_hint

TARGET_HINT = Source(
    name="target-hint",
    title="Webhooks of any ticket system, as hints",
    documentation=(
        "https://developer.zendesk.com/documentation/webhooks/creating-and-monitoring-webhooks/",
        "https://rt-wiki.bestpractical.com/wiki/WriteCustomAction",
    ),
    read_on=date(2026, 11, 21),
    read=json_body(),
    verify=no_proof(),
    to_events=target_hint.to_events,
    acknowledge=json_reply({}),
    refuse=json_refusal("message", {}),
    coverage=None,
    check=hints.check,
)
