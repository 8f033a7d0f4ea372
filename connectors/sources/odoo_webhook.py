"""Odoo's webhook notifications, each a hint that wakes the poller of the same company.

Odoo signs nothing, waits a second, tries once, and looks at the status alone
(https://github.com/odoo/odoo/blob/18.0/odoo/addons/base/models/ir_actions.py, `_run_action_webhook`): the account has a
`token` in its path.
"""

from datetime import date

from connectors.acknowledgements import json_refusal, json_reply
from connectors.reading import json_body
from connectors.signatures import no_proof
from contracts.connector import Source
from mappings import hints
from mappings.erp import odoo_webhook

ODOO_WEBHOOK = Source(
    name="odoo-webhook",
    title="Odoo webhook notifications, as hints",
    documentation=(
        "https://www.odoo.com/documentation/18.0/applications/studio/automated_actions.html",
        "https://github.com/odoo/odoo/blob/18.0/odoo/addons/base/models/ir_actions.py",
    ),
    read_on=date(2026, 11, 21),
    read=json_body(),
    verify=no_proof(),
    to_events=odoo_webhook.to_events,
    acknowledge=json_reply({}),
    refuse=json_refusal("message", {}),
    coverage=None,
    check=hints.check,
)
