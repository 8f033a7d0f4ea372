"""A case is as far as its instants of the present round say; a score lies on its scale."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from contracts.errors import Rejected
from contracts.model import build, read
from contracts.service import ServiceCase, Survey
from contracts.snapshot import CaseState, Severity

AT = datetime(2026, 3, 2, tzinfo=UTC)


def hours(count: float) -> datetime:
    return AT + timedelta(hours=count)


def a_case(**values: object) -> ServiceCase:
    return build(ServiceCase, **{"account": "desk", "case": "C1", "version": AT, "reported": AT, **values})


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        ({}, CaseState.REPORTED),
        ({"classified": hours(1)}, CaseState.CLASSIFIED),
        ({"classified": hours(1), "assigned": hours(2)}, CaseState.ASSIGNED),
        ({"responded": hours(3)}, CaseState.RESPONDED),
        ({"responded": hours(3), "solved": hours(4)}, CaseState.SOLVED),
        ({"solved": hours(4), "verified": hours(5)}, CaseState.VERIFIED),
        ({"solved": hours(4), "closed": hours(6)}, CaseState.CLOSED),
        ({"closed": hours(6), "reopened": [hours(7)]}, CaseState.REOPENED),
        ({"closed": hours(6), "reopened": [hours(9), hours(7)], "assigned": hours(8)}, CaseState.REOPENED),
        ({"closed": hours(6), "reopened": [hours(7)], "assigned": hours(8)}, CaseState.ASSIGNED),
        ({"closed": hours(7), "reopened": [hours(7)]}, CaseState.CLOSED),
    ],
)
def test_a_case_is_as_far_as_the_last_step_of_its_present_round(steps: dict[str, object], state: CaseState) -> None:
    case = a_case(**steps)
    assert case.state is state
    assert case.is_open is (state is not CaseState.CLOSED)
    assert case.view().state is state


def test_a_withdrawn_case_is_not_open_and_names_no_order() -> None:
    case = a_case(withdrawn=True, order="SO1")
    assert not case.is_open
    assert case.names_order is None


def test_the_order_of_a_case_may_be_another_accounts() -> None:
    assert a_case(order="SO1").names_order == ("desk", "SO1")
    assert a_case(order="SO1", order_account="factory").names_order == ("factory", "SO1")
    assert a_case().names_order is None


def test_a_case_has_one_of_three_severities_or_is_not_classified_yet() -> None:
    assert a_case().severity is None
    assert a_case(severity="grave").severity is Severity.GRAVE
    with pytest.raises(Rejected) as refused:
        a_case(severity="recorded")
    assert refused.value.path == "$.severity"


def test_a_survey_says_where_its_score_lies_on_its_scale() -> None:
    said = {"account": "factory", "order": "SO1", "id": "S1", "version": AT, "answered": AT}
    assert build(Survey, **said, score="3").satisfaction == Decimal(50)
    assert build(Survey, **said, score="6", lowest=0, highest=10).satisfaction == Decimal(60)
    for wrong in ({"score": "6"}, {"score": "0"}, {"score": "1", "lowest": 5, "highest": 5}):
        with pytest.raises(Rejected):
            build(Survey, **said, **wrong)


def test_a_case_reads_back_as_it_was_written() -> None:
    case = a_case(order="SO1", severity="major", reopened=[hours(1)], solved=hours(2))
    assert read(ServiceCase, case.encode()) == case
