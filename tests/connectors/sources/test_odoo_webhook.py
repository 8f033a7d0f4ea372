"""Odoo's webhook notifications: the suite of every source."""

from connectors.sources.odoo_webhook import ODOO_WEBHOOK
from tests.connectors.source_conformance import SourceConformance


class TestOdooWebhook(SourceConformance):
    source = ODOO_WEBHOOK
