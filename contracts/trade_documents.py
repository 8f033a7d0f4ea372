"""The documents that go with goods, under one name each, whoever names them and however.

Codes are those of UN/EDIFACT code list 1001, Document name code
(https://service.unece.org/trade/untdid/d13a/tred/tred1001.htm), where that list has one: it has none for a manual or a
warranty card.
"""

from collections.abc import Iterable
from enum import StrEnum


class TradeDocument(StrEnum):
    """A document that an order may require."""

    CERTIFICATE_OF_CONFORMITY = "certificate_of_conformity"
    MANUAL = "manual"
    WARRANTY_CARD = "warranty_card"
    TEST_REPORT = "test_report"
    PACKING_LIST = "packing_list"


CODES: dict[str, TradeDocument] = {
    "2": TradeDocument.CERTIFICATE_OF_CONFORMITY,
    "4": TradeDocument.TEST_REPORT,
    "271": TradeDocument.PACKING_LIST,
}
"""By UN/EDIFACT 1001 code."""


def document_name(told: str) -> str:
    """Give the name under which a document is known here: of its code, or its own, folded; others stay as they are."""
    folded = "_".join(told.casefold().replace("-", " ").replace("_", " ").split())
    return str(CODES[folded]) if folded in CODES else folded


def missing_documents(required: Iterable[str], present: Iterable[str]) -> tuple[str, ...]:
    """Name those that are required and not present, sorted."""
    return tuple(sorted({document_name(told) for told in required} - {document_name(told) for told in present}))
