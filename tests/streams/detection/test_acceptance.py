"""What customers should have said, should have got with the goods, and what was promised for a deviation."""

from datetime import datetime

import pytest

from contracts.acceptance import Disposition
from contracts.documents import ServiceTerms
from contracts.model import Contract
from contracts.policy import Policy
from contracts.snapshot import DeliveryStatus, Kind
from contracts.tracking import TrackingStatus
from tests.streams.receipts import acceptance, line, remedy, returned
from tests.streams.way import ERP, POLICY, START, Way, hours, issue, order, report

EXPECTING = Policy.model_validate({"pollers": [ERP], "acceptance_overdue": {"accounts": [ERP]}})
DELIVERED = report("YT1", (hours(2), TrackingStatus.PICKED_UP), (hours(30), TrackingStatus.DELIVERED))


def told(
    *events: Contract,
    policy: Policy = POLICY,
    until: float = 40,
    terms: ServiceTerms | None = None,
    documents: tuple[str, ...] = (),
) -> Way:
    way = Way(policy)
    way.tell(order().model_copy(update={"service": terms, "required_documents": documents}), START)
    way.tell(issue("GI1", {"SO1": 10}, at=hours(1)), hours(1))
    way.tell(DELIVERED, hours(31))
    for event in events:
        way.tell(event, hours(until))
    way.hear(hours(until))
    return way


def found(way: Way, kind: Kind) -> dict[str, datetime]:
    return {finding.subject: finding.since for finding in way.findings() if finding.kind is kind}


def test_where_nobody_tells_acceptances_none_is_missed() -> None:
    assert found(told(until=500), Kind.ACCEPTANCE_OVERDUE) == {}


@pytest.mark.parametrize(
    ("policy", "terms", "events", "opens"),
    [
        (EXPECTING, None, (), 30 + 72),
        (POLICY, ServiceTerms(acceptance_days=1), (), 30 + 24),
        (EXPECTING, ServiceTerms(acceptance_days=7), (), 30 + 168),
        (POLICY, None, (acceptance(line(4), final=False, at=31),), 30 + 72),
    ],
)
def test_an_acceptance_is_overdue_where_one_is_expected(
    policy: Policy, terms: ServiceTerms | None, events: tuple[Contract, ...], opens: float
) -> None:
    """Of accounts that are always accepted, where the order agrees on a time, and where a part was accepted."""
    before = told(*events, policy=policy, terms=terms, until=opens - 0.1)
    assert found(before, Kind.ACCEPTANCE_OVERDUE) == {}
    assert found(told(*events, policy=policy, terms=terms, until=opens), Kind.ACCEPTANCE_OVERDUE) == {
        "SO1": hours(opens)
    }


@pytest.mark.parametrize("answer", [acceptance(line(10)), acceptance(refused=True)])
def test_acceptance_and_refusal_both_answer(answer: Contract) -> None:
    assert found(told(answer, policy=EXPECTING, until=500), Kind.ACCEPTANCE_OVERDUE) == {}


def test_what_is_not_delivered_is_not_to_be_accepted() -> None:
    way = Way(EXPECTING)
    way.tell(order(), START)
    way.tell(issue("GI1", {"SO1": 10}, at=hours(1)), hours(1))
    way.hear(hours(500))
    assert found(way, Kind.ACCEPTANCE_OVERDUE) == {}


@pytest.mark.parametrize("deaf", ["ingress", f"poll/{ERP}"])
def test_nobody_is_called_overdue_by_who_was_not_heard(deaf: str) -> None:
    way = told(policy=EXPECTING)
    way.hear(hours(500), [source for source in ("ingress", f"poll/{ERP}") if source != deaf])
    assert found(way, Kind.ACCEPTANCE_OVERDUE) == {}


REQUIRED = ("2", "manual", "warranty card", "test_report", "271", "Mill sheet")


def test_required_documents_that_were_not_there_are_named() -> None:
    way = told(acceptance(line(10), documents=("packing_list", "manual")), documents=REQUIRED)
    assert found(way, Kind.DOCUMENTS_MISSING) == {"SO1": hours(32)}
    [finding] = [finding for finding in way.findings() if finding.kind is Kind.DOCUMENTS_MISSING]
    missing = {name for name, value in finding.details.items() if value and name not in {"order", "customer"}}
    assert missing == {"certificate_of_conformity", "warranty_card", "test_report", "other_documents"}
    assert finding.details["other_documents"] == "Mill sheet"
    [task] = way.tasks()
    assert "Missing: test report (UN/EDIFACT 1001: 4) of SO1." in task.texts["en"].body.splitlines()


@pytest.mark.parametrize(
    "events",
    [
        (),
        (acceptance(line(10)),),
        (acceptance(line(4), final=False, documents=()),),
        (acceptance(refused=True, documents=()),),
        (acceptance(line(10), documents=REQUIRED),),
        (acceptance(line(10), documents=REQUIRED[:3]), acceptance(name="A2", at=34, documents=REQUIRED[3:])),
    ],
)
def test_documents_are_missed_only_where_they_were_looked_for_at_the_last_word(events: tuple[Contract, ...]) -> None:
    assert found(told(*events, documents=REQUIRED), Kind.DOCUMENTS_MISSING) == {}


def test_documents_that_were_looked_for_before_the_last_word_are_missed_since_that() -> None:
    looked = acceptance(line(4), final=False, documents=("271",))
    way = told(looked, acceptance(line(6), name="A2", at=36), documents=("2", "271"))
    assert found(way, Kind.DOCUMENTS_MISSING) == {"SO1": hours(36)}


SHORT = acceptance(line(8))


@pytest.mark.parametrize("disposition", [one for one in Disposition if one is not Disposition.ACCEPTED_AS_IS])
def test_a_remedy_that_is_not_done_by_its_promise_is_asked_for(disposition: Disposition) -> None:
    agreed = remedy(disposition, until=hours(60))
    assert found(told(SHORT, agreed, until=59.9), Kind.REMEDY_OVERDUE) == {}
    way = told(SHORT, agreed, until=60)
    assert found(way, Kind.REMEDY_OVERDUE) == {"SO1/R1": hours(60)}
    [task] = way.tasks()
    assert task.details[disposition.value] == "SO1"
    [task] = told(SHORT, remedy(disposition, 2, until=hours(60), order_line="1"), until=60).tasks()
    assert task.details[disposition.value] == "SO1/1: 2"
    done = remedy(disposition, until=hours(60), version=61, done_at=hours(61))
    assert found(told(SHORT, agreed, done, until=62), Kind.REMEDY_OVERDUE) == {}


def test_a_remedy_without_a_promise_has_a_week() -> None:
    assert found(told(SHORT, remedy(), until=33 + 168), Kind.REMEDY_OVERDUE) == {"SO1/R1": hours(33 + 168)}


def test_what_was_accepted_as_it_is_or_called_off_is_never_overdue() -> None:
    assert found(told(SHORT, remedy(Disposition.ACCEPTED_AS_IS), until=600), Kind.REMEDY_OVERDUE) == {}
    assert found(told(SHORT, remedy(withdrawn=True), until=600), Kind.REMEDY_OVERDUE) == {}


def test_a_return_is_done_when_it_came_back() -> None:
    agreed = remedy(Disposition.RETURN, until=hours(60), return_receipt="RR1")
    assert found(told(SHORT, agreed, returned({"SO1": 2}), until=70), Kind.REMEDY_OVERDUE) == {}
    for other in (returned({"SO1": 2}, document="RR2"), returned({"SO1": 2}, at=None)):
        assert found(told(SHORT, agreed, other, until=70), Kind.REMEDY_OVERDUE) == {"SO1/R1": hours(60)}
    unnamed = remedy(Disposition.RETURN, until=hours(60))
    assert found(told(SHORT, unnamed, returned({"SO1": 2}), until=70), Kind.REMEDY_OVERDUE) == {}


def test_a_replacement_by_the_same_order_is_done_when_all_is_accepted() -> None:
    again = issue("GI2", {"SO1": 2}, at=hours(50), numbers=())
    arrived = acceptance(line(2), at=55, name="A2")
    agreed = remedy(count=2, until=hours(60))
    assert found(told(SHORT, agreed, again, until=70), Kind.REMEDY_OVERDUE) == {"SO1/R1": hours(60)}
    way = told(SHORT, agreed, again, arrived, until=70)
    assert found(way, Kind.REMEDY_OVERDUE) == {}
    shown = way.order().view
    assert shown is not None
    assert shown.status is DeliveryStatus.ACCEPTED


def test_a_replacement_by_its_own_order_is_done_when_that_is_told() -> None:
    """What this order received says nothing about it; the other order has a promise of its own."""
    agreed = remedy(until=hours(60), replacement_order="SO1-R")
    way = told(SHORT, acceptance(line(2), at=55, name="A2"), agreed, until=70)
    assert found(way, Kind.REMEDY_OVERDUE) == {"SO1/R1": hours(60)}
