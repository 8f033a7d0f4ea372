"""ERPNext's webhooks, each a hint that wakes the poller of the same site.

`X-Frappe-Webhook-Signature` is the base64 of the body's HMAC-SHA256 with the webhook's secret. Frappe sends once the
transaction is committed, waits 5 s, and tries three times, a few seconds apart, until the status is a success
(https://github.com/frappe/frappe/blob/version-15/frappe/integrations/doctype/webhook/webhook.py). No id tells one
sending from another, and none is needed.
"""

from datetime import date

from connectors.acknowledgements import json_refusal, json_reply
from connectors.reading import json_body
from connectors.signatures_hmac import BASE64, hmac_header
from contracts.connector import Source
from mappings import hints
from mappings.erp import erpnext_webhook

ERPNEXT_WEBHOOK = Source(
    name="erpnext-webhook",
    title="ERPNext webhooks, as hints",
    documentation=(
        "https://docs.frappe.io/framework/user/en/guides/integration/webhooks",
        "https://github.com/frappe/frappe/blob/version-15/frappe/integrations/doctype/webhook/webhook.py",
    ),
    read_on=date(2026, 11, 21),
    read=json_body(),
    verify=hmac_header("x-frappe-webhook-signature", BASE64),
    to_events=erpnext_webhook.to_events,
    acknowledge=json_reply({}),
    refuse=json_refusal("message", {}),
    coverage=None,
    check=hints.check,
)
