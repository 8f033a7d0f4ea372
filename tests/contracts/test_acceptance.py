"""What an acceptance may say: parts of what was received, in its unit, of something that it names."""

from decimal import Decimal
from typing import Any

import pytest

from contracts.acceptance import Acceptance, AcceptedLine, Discrepancy
from contracts.errors import Rejected
from contracts.model import build, read
from contracts.trade_documents import TradeDocument, document_name, missing_documents

EIGHT = {"value": "8", "unit": "C62"}


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        ({"rejected": {"value": "9", "unit": "C62"}}, "more rejected than received"),
        ({"damaged": {"value": "9", "unit": "C62"}}, "more damaged than received"),
        ({"rejected": {"value": "1", "unit": "KGM"}}, "rejected in KGM, but received in C62"),
        ({"damaged": {"value": "1", "unit": "KGM"}}, "damaged in KGM, but received in C62"),
        ({"order_line": ""}, "names neither an order's line nor a product"),
    ],
)
def test_a_part_that_cannot_be_is_refused_with_its_reason(part: dict[str, Any], reason: str) -> None:
    with pytest.raises(Rejected, match=reason):
        build(AcceptedLine, **{"order_line": "1", "received": EIGHT, **part})


def test_all_that_was_received_may_be_rejected_and_damaged() -> None:
    line = build(AcceptedLine, order_line="1", received=EIGHT, rejected=EIGHT, damaged=EIGHT, discrepancy="AF")
    assert (line.damaged or line.received).value == Decimal(8)
    assert line.discrepancy is Discrepancy.DELIVERED_DAMAGED


def test_nothing_looked_for_and_nothing_found_stay_apart() -> None:
    """Seals that nobody read differ by nothing; a seal that is gone does."""
    told: dict[str, Any] = {"account": "factory", "order": "SO1", "id": "A1", "version": "2026-03-03T08:00:00Z"}
    told |= {"accepted_at": {"at": "2026-03-03T08:00:00Z"}}
    unread, gone = build(Acceptance, **told), build(Acceptance, **told, seals=(), documents=())
    assert (unread.seals, unread.documents) == (None, None)
    assert read(Acceptance, gone.encode()).seals == ()
    assert read(Acceptance, gone.encode()).documents == ()
    assert read(Acceptance, unread.encode()).seals is None


@pytest.mark.parametrize(
    "told", ["2", "certificate_of_conformity", "Certificate of conformity", " certificate-of-conformity "]
)
def test_a_document_is_one_by_its_code_and_by_its_name(told: str) -> None:
    assert document_name(told) == TradeDocument.CERTIFICATE_OF_CONFORMITY


def test_what_is_required_and_not_there_is_missing_also_where_no_list_knows_it() -> None:
    required = ("certificate_of_conformity", "271", "4", "Mill sheet")
    assert missing_documents(required, ("2", "packing list")) == ("mill_sheet", "test_report")
    assert missing_documents(required, required) == ()
