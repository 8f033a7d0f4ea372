"""The words in which people are told: complete in each language, and never a hole in a sentence."""

from decimal import Decimal
from string import Formatter

import pytest

from contracts.documents import Range
from contracts.quantity import Quantity
from contracts.snapshot import Kind
from contracts.trade_documents import TradeDocument
from streams.detection.registry import KINDS
from streams.detection.texts import LANGUAGES, catalogue, texts_of
from streams.detection.texts.notices import notices
from streams.detection.wording import amount, within

DETAILS = {
    "order": "SO1",
    "customer": "Nordwerk GmbH",
    "promised": "2026-03-04",
    "zone": "Asia/Shanghai",
    "lines": "1 (BRG-6204)",
    "undespatched": "2 (GS-204)",
    "parcels": "YT1",
    "parcel": "YT1",
    "carrier": "yuantong",
    "silence": "48 h",
    "legs": "34",
    "last_scan": "2026-03-02 16:00 Hangzhou: on its way",
    "last_scan_at": "2026-03-02 16:00",
    "ordered_at": "2026-03-02 08:00",
    "reason": "no capacity before April",
    "reviewer": "Li Mei",
    "confirmed": "10: 2026-03-06",
    "now": "10: 2026-03-10",
    "first_eta": "2026-03-05 12:00",
    "eta": "2026-03-06 16:00",
    "slip": "28 h",
    "owner": "customs",
    "ship_by": "2026-03-04 00:00",
    "issue": "GI1",
    "planned_for": "2026-03-03 09:00",
    "driver": "Wang Lei",
    "ready_at": "2026-03-02 10:00",
    "appointment": "2026-03-04 11:00",
    "place": "Gate 2",
    "basis": "carrier",
    "sample": "40",
    "expected": "2026-03-07 12:00",
    "status": "returning",
    "short": "2",
    "line": "1 BRG-6204: 8 / 10",
    "source": "kuaidi100/express",
    "first_received": "2026-03-02 01:00 UTC",
    "error": "ValueError in streams.delivery.fold, line 7",
    "key": "factory/SO1",
    "due": "2026-03-09",
    "ends": "2027-03-02",
    "closed": "2026-03-05",
    "told": "document.slice",
    "number": "2",
    "latest": "document.slice",
    "origins": "quayside.inbound/0/17",
    "message": "the whole message",
    "over": "2",
    "goods_issue": "GI1",
    "not_ordered": "GRS-2: 5",
    "unreceived": "2",
    "quantity": "2",
    "received": "8 / 10",
    "note": "two boxes crushed",
    "missing": "1 BRG-6204: 2",
    "damaged": "1 BRG-6204: 1",
    "wrong": "1 BRG-6205: 10",
    "rejected": "1 BRG-6204: 3",
    "seen": "a torn pallet",
    "remedy": "R1",
    "agreed": "2026-03-03 18:00",
    "agreed_by": "K. Weber",
    "replacement": "SO1/1: 2",
    "rework": "SO1/1: 2",
    "return": "SO1/1: 2",
    "scrap": "SO1/1: 2",
    "credit": "SO1/1: 2",
    "replacement_order": "SO1-R",
    "return_receipt": "RR1",
    "packages": "2 / 3",
    "marks": "GI1-1, GI1-2, GI1-3",
    "put_on": "SL 4711",
    "read": "SL 4712",
    "container": "MSKU 123456-5",
    "vehicle": "浙A·12345",
    "delivered": "2026-03-03 14:00",
    "certificate_of_conformity": "SO1",
    "manual": "SO1",
    "warranty_card": "SO1",
    "test_report": "SO1",
    "packing_list": "SO1",
    "other_documents": "Mill sheet",
    "case": "C1",
    "title": "Bearing runs hot",
    "severity": "1",
    "product": "BRG-6204",
    "assigned_to": "Mei",
    "deadline": "2026-03-03 01:00 UTC",
    "began": "2026-03-02 01:00 UTC",
    "reported": "2026-03-02 01:00 UTC",
    "reopened": "2026-03-04 06:00 UTC",
    "solved": "2026-03-03 09:00 UTC",
    "score": "2 (1–5)",
    "comment": "Two boxes were wet",
    "answered_by": "J. Brandt",
    "since": "2026-03-02 11:00",
    "temperature": "9.4 °C",
    "temperature_required": "2 … 8 °C",
    "temperature_outside": "40 min",
    "humidity": "71 %",
    "humidity_required": "≤ 60 %",
    "humidity_outside": "3 h",
    "loggers": "L1 (loggers/coldchain)",
    "still_outside": "2026-03-02 12:00",
    "resolution": "15 min",
    "gaps": "2026-03-02 11:00 – 2026-03-02 15:50",
    "more_gaps": "3",
    "allowed": "2 h",
    "code": "X9",
    "delivered_at": "2026-03-02 14:00",
    "despatched_at": "2026-03-02 15:00",
    "dated": "2026-03-02 18:00",
    "received_at": "2026-03-02 10:05",
}


PROMISED = {Kind.LATE, Kind.AT_RISK}
"""Kinds that are found of a promise alone."""


def names(line: object) -> set[str]:
    """The details that a line speaks of; of one that depends on a detail's value, that detail and its values too."""
    if isinstance(line, dict):
        return {f"{detail}={value}" for detail, sentences in line.items() for value in sentences} | {
            name for sentences in line.values() for sentence in sentences.values() for name in names(sentence)
        }
    return {name for _, name, _, _ in Formatter().parse(str(line)) if name}


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_is_told_in_every_language_with_the_same_details(kind: Kind) -> None:
    told = [catalogue(language)[kind.value] for language in LANGUAGES]
    bodies = [entry["body"] for entry in told]
    assert all(isinstance(body, list) and body for body in bodies)
    spoken_of = [[names(line) for line in (entry["title"], *list(entry["body"]))] for entry in told]  # type: ignore[call-overload]
    assert spoken_of[0] == spoken_of[1]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", Kind)
def test_a_text_speaks_only_of_details_that_findings_have(kind: Kind, language: str) -> None:
    text = texts_of(kind, DETAILS)[language]
    assert "–" not in text.title
    assert "{" not in text.title + text.body


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_line_whose_detail_is_missing_is_left_out(language: str) -> None:
    without = {**DETAILS, "last_scan": ""}
    complete, shorter = texts_of(Kind.LATE, DETAILS)[language], texts_of(Kind.LATE, without)[language]
    assert len(shorter.body.splitlines()) == len(complete.body.splitlines()) - 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", Kind)
def test_what_is_wrong_is_told_even_where_nothing_is_known_beside_it(kind: Kind, language: str) -> None:
    """A customer or a carrier without a name, a parcel without a scan: the first line stands, and says of what."""
    unknown = ("customer", "carrier", "promised", "last_scan", "parcels", "undespatched", "lines")
    bare = {**DETAILS, **{name: "" for name in unknown if not (kind in PROMISED and name == "promised")}}
    complete, shorter = texts_of(kind, DETAILS)[language], texts_of(kind, bare)[language]
    assert shorter.title == complete.title
    assert shorter.body.splitlines()[0] == complete.body.splitlines()[0]


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [("2", "C62", "2"), ("2.500", "KGM", "2.5 kg"), ("100", "H87", "100"), ("3", "MTR", "3 m"), ("4", "SET", "4 SET")],
)
def test_a_quantity_is_written_as_people_write_it(value: str, unit: str, written: str) -> None:
    assert amount(Quantity(value=Decimal(value), unit=unit)) == written


def test_the_catalogues_tell_of_nothing_that_is_not_found() -> None:
    for language in LANGUAGES:
        assert set(catalogue(language)) == {kind.value for kind in Kind}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_document_that_has_a_name_here_has_one_for_the_customer(language: str) -> None:
    names = notices(language)["documents"]
    assert set(names) == set(TradeDocument)
    assert len(set(names.values())) == len(names)
    assert not [name for name in names.values() if "_" in name]


def test_every_kind_is_registered_and_says_when_it_opens_and_clears() -> None:
    assert sorted(kind.kind for kind in KINDS) == sorted(Kind)
    for kind in KINDS:
        explanation = kind.explanation()
        assert "Opens when" in explanation
        assert "Clears when" in explanation or "Clears with" in explanation
        assert "Rests on" in explanation


def test_a_range_without_ends_asks_for_nothing() -> None:
    assert within(Range(), "°C") == ""
    assert within(Range(low=Decimal(2)), "°C") == "≥ 2 °C"
