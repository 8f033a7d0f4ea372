"""ERPNext's webhooks: the suite of every source, and the signature as Frappe makes it."""

import pytest

from connectors.sources.erpnext_webhook import ERPNEXT_WEBHOOK
from contracts.errors import Rejected
from contracts.signature import Sent
from tests.connectors.source_conformance import SourceConformance
from tests.fakes.erpnext import webhook


class TestErpNextWebhook(SourceConformance):
    source = ERPNEXT_WEBHOOK


def test_the_signature_is_the_base64_of_the_body_s_hmac() -> None:
    # printf '{"doctype": "Sales Order", "name": "SO-1"}' | openssl dgst -sha256 -hmac secret -binary | base64
    body, headers = webhook("Sales Order", "SO-1", "secret")
    assert headers["X-Frappe-Webhook-Signature"] == "8JmualWTG+0Bcb+HjMaWWDl/nqk7XAT0Pt+w3XVDH6s="
    request = TestErpNextWebhook().request(
        Sent(body, {name.lower(): value for name, value in headers.items()}, "application/json")
    )
    ERPNEXT_WEBHOOK.verify(request, ("old", "secret"))
    with pytest.raises(Rejected):
        ERPNEXT_WEBHOOK.verify(request, ("another",))
