"""The suites themselves can fail: a connector that breaks one promise fails the clause that is about it."""

import asyncio
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from connectors.acknowledgements import json_reply
from connectors.sources.kuaidi100 import KUAIDI100
from contracts.connector import Context, Mapped, Source
from contracts.errors import Rejected
from contracts.model import Contract
from contracts.moment import Moment
from contracts.raw import RawRequest
from contracts.signature import Proof
from contracts.tracking import Scan, Tracking, TrackingStatus
from tests.connectors.conformance.clauses import check_reasons, leave_out, marked
from tests.connectors.conformance.declaration import Declaration
from tests.connectors.conformance.samples import at
from tests.connectors.source_conformance import SourceConformance

SCHEME = KUAIDI100.verify
_numbers = count()


def anybody(_request: RawRequest, _secrets: Sequence[str]) -> None:
    """Take whatever comes."""


def first_secret_alone(request: RawRequest, secrets: Sequence[str]) -> None:
    SCHEME.verify(request, secrets[:1])


def by_meaning(request: RawRequest, secrets: Sequence[str]) -> None:
    """Verify that somebody signed something, whatever the bytes are."""
    if b"sign=" not in request.body or not secrets:
        raise Rejected("nobody signed this")


def mapping(change: Callable[[Scan, Context], Scan]) -> Callable[[object, Context], Mapped]:
    """Map as Kuaidi100 is, and then change each scan."""

    def to_events(payload: object, context: Context) -> Mapped:
        mapped = KUAIDI100.to_events(payload, context)
        return replace(mapped, events=tuple(_changed(event, context, change) for event in mapped.events))

    return to_events


def _changed(event: Contract, context: Context, change: Callable[[Scan, Context], Scan]) -> Contract:
    if not isinstance(event, Tracking):
        return event
    return event.model_copy(update={"scans": tuple(change(scan, context) for scan in event.scans)})


def silent_default(payload: object, context: Context) -> Mapped:
    return replace(KUAIDI100.to_events(payload, context), unknown_codes=())


def careless(payload: Any, context: Context) -> Mapped:  # noqa: ANN401 - that is its carelessness
    return KUAIDI100.to_events({**payload, "status": payload["status"].strip()}, context)


def in_transit_by_default(scan: Scan, _: Context) -> Scan:
    unknown = scan.status is TrackingStatus.UNKNOWN
    return scan.model_copy(update={"status": TrackingStatus.IN_TRANSIT}) if unknown else scan


def by_the_machine_s_zone(scan: Scan, _: Context) -> Scan:
    there = scan.occurred.at.replace(tzinfo=None).astimezone()
    return scan.model_copy(update={"occurred": Moment(at=there)})


def id_by_chance(scan: Scan, _: Context) -> Scan:
    return scan.model_copy(update={"id": f"{scan.id}-{next(_numbers)}"})


def id_by_receipt(scan: Scan, context: Context) -> Scan:
    return scan.model_copy(update={"id": f"{scan.id}-{context.received_at:%H}"})


def other_way_round(scan: Scan, _: Context) -> Scan:
    return scan.model_copy(update={"position": 1000 - scan.position})


def with_mapping(to_events: Callable[[object, Context], Mapped]) -> Source:
    return replace(KUAIDI100, to_events=to_events)


BROKEN: list[tuple[str, Source, str]] = [
    ("takes anybody", replace(KUAIDI100, verify=replace(SCHEME, verify=anybody)), "an_unsigned_request_is_refused"),
    (
        "forgets the second secret",
        replace(KUAIDI100, verify=replace(SCHEME, verify=first_secret_alone)),
        "a_request_signed_with_either_live_secret_is_taken",
    ),
    (
        "verifies what bytes mean",
        replace(KUAIDI100, verify=replace(SCHEME, verify=by_meaning)),
        "a_proof_of_the_body_is_over_the_very_bytes_not_over_what_they_mean",
    ),
    (
        "says that it proves nothing of the body",
        replace(KUAIDI100, verify=replace(SCHEME, proves=Proof.SENDER)),
        "a_tampered_body_is_refused",
    ),
    (
        "keeps its proof",
        replace(KUAIDI100, headers=frozenset({"x-sign"}), verify=replace(SCHEME, headers=frozenset({"x-sign"}))),
        "what_proves_who_it_is_is_not_kept",
    ),
    (
        "answers another byte",
        replace(KUAIDI100, acknowledge=json_reply({"result": True, "returnCode": "200"})),
        "what_is_signed_is_stored_answered_as_expected_and_means_what_was_reviewed",
    ),
    (
        "refuses in another form",
        replace(KUAIDI100, refuse=lambda reason, status: json_reply({"message": reason}, status)),
        "a_refusal_is_in_the_sender_s_form_and_carries_its_reason",
    ),
    (
        "takes any option",
        replace(KUAIDI100, check=lambda _: None),
        "options_that_it_knows_are_taken_and_others_refused",
    ),
    ("lacks a code", replace(KUAIDI100, codes={"0": TrackingStatus.IN_TRANSIT}), "the_vendor_s_whole_table_is_there"),
    ("is silent about unlisted codes", with_mapping(silent_default), "an_unlisted_code_is_unknown_or_its_group_s"),
    (
        "has a default",
        with_mapping(mapping(in_transit_by_default)),
        "an_unlisted_code_is_unknown_or_its_group_s",
    ),
    (
        "raises what is not Rejected",
        with_mapping(careless),
        "a_payload_that_is_not_the_sender_s_is_rejected",
    ),
    ("uses the machine's zone", with_mapping(mapping(by_the_machine_s_zone)), "the_machine_s_own_zone_changes_nothing"),
    ("gives a new id each time", with_mapping(mapping(id_by_chance)), "doubled_or_shuffled_the_scans_are_the_same"),
    ("gives ids by receipt", with_mapping(mapping(id_by_receipt)), "told_again_later_it_is_the_same"),
    ("counts from the newest", with_mapping(mapping(other_way_round)), "scans_have_positions_oldest_first"),
]
GIVEN: Mapping[str, object] = {"payload": b"[]", "machine": "America/New_York", "shows": "local"}
FAILS = (AssertionError, pytest.fail.Exception, TypeError, AttributeError, KeyError, Rejected)


def run(source: Source, clause: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run one test of the suite over a source."""
    suite: Any = type("Suite", (SourceConformance,), {"source": source})()
    (test,) = [getattr(suite, name) for name in dir(suite) if name.startswith(f"test_{clause}")]
    fixtures = {"monkeypatch": monkeypatch, **GIVEN}
    wanted = inspect.signature(test).parameters
    outcome = test(**{name: fixtures[name] for name in wanted if name in fixtures})
    if inspect.iscoroutine(outcome):
        asyncio.run(outcome)


@pytest.mark.parametrize(("source", "clause"), [pytest.param(*broken[1:], id=broken[0]) for broken in BROKEN])
def test_a_source_that_breaks_a_promise_fails_its_clause_and_one_that_keeps_it_does_not(
    source: Source, clause: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(KUAIDI100, clause, monkeypatch)
    with pytest.raises(FAILS):
        run(source, clause, monkeypatch)


def test_a_clause_that_is_left_out_is_not_run_and_another_is() -> None:
    class Suite:
        @marked("pages")
        def test_pages(self) -> None: ...

        @marked("deletion")
        def test_deletion(self) -> None: ...

    leave_out(Suite, {"pages": "a file is read whole, says its page"})
    assert [name for name, test in vars(Suite).items() if name.startswith("test_") and test] == ["test_deletion"]


@pytest.mark.parametrize(
    ("left_out", "said"),
    [({"page": "a file is read whole"}, "is no clause"), ({"pages": "no"}, "say why")],
)
def test_what_is_left_out_is_a_clause_and_has_a_reason(left_out: dict[str, str], said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        check_reasons(left_out, ("pages",))


def test_the_parts_of_codes_and_times_stand_where_a_payload_names_them() -> None:
    declared = Declaration.model_validate(
        {
            "follows": "a page of the vendor's",
            "accepted": {"status": 200},
            "refused": {"status": 401},
            "payloads": {"one": "{{CODE}} {{CODE.0}} {{CODE.1}} {{CODE.2}}.", "two": "{{TIME.0}}T{{TIME.1}}"},
            "codes": {"rows": 1, "separator": "/"},
        }
    )
    assert declared.payload(code="moving/late", time="9 am") == b"moving/late moving late ."
    assert declared.payload("two", time="2026-03-02|09:05") == b"2026-03-02T09:05"


def test_a_json_path_leads_to_names_places_and_all_of_a_list() -> None:
    value = {"data": [{"rows": [1]}, {"rows": [2]}, {}]}
    assert at(value, "$.data[*].rows") == [[1], [2]]
    assert at(value, "$.data[1].rows") == [[2]]
    assert at(value, "$.nothing[0]") == []
