"""What is drawn of an order's hand-over and the time after it: what was found, what was agreed, what customers say."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from contracts.acceptance import Acceptance, Cause, Disposition, Remedy
from contracts.appointment import Appointment
from contracts.documents import ServiceTerms
from contracts.moment import Moment, Precision, Window
from contracts.proof import ProofOfDelivery
from contracts.service import CaseSeverity, ServiceCase, Survey
from contracts.snapshot import Severity
from tests.properties.steps import Told, instants, received, step
from tests.streams.receipts import acceptance, line, remedy
from tests.streams.way import ERP, START, ZONE, proof, service_case


def appointments() -> st.SearchStrategy[Appointment]:
    return st.builds(
        lambda name, version, closes, cancelled, kept: Appointment(
            account=ERP,
            order="SO1",
            id=name,
            version=version,
            window=Window(closes=closes, precision=Precision.INSTANT, zone=ZONE),
            cancelled=cancelled,
            kept_at=Moment(at=closes) if kept else None,
        ),
        st.sampled_from(["A1", "A2"]),
        instants,
        st.integers(4, 40).map(step),
        st.sampled_from([False, False, True]),
        st.sampled_from([False, False, True]),
    )


def proofs() -> st.SearchStrategy[ProofOfDelivery]:
    return st.builds(
        lambda at, named: proof(at, **named), instants, st.sampled_from([{}, {"number": "", "order": "SO1"}])
    )


def acceptances() -> st.SearchStrategy[Acceptance]:
    """Of some or all of the goods of SO1, with all that may be wrong with them."""
    return st.builds(
        lambda name, at, received, bad, cause, final, refused: acceptance(
            line(received, rejected=bad, damaged=bad // 2, cause=cause),
            name=name,
            at=(step(at) - START) / timedelta(hours=1),
            final=final,
            refused=refused,
        ),
        st.sampled_from(["A1", "A2"]),
        st.integers(0, 30),
        st.sampled_from([4, 10, 12]),
        st.sampled_from([0, 0, 2]),
        st.sampled_from([None, Cause.QUALITY]),
        st.sampled_from([True, True, False]),
        st.sampled_from([False, False, False, True]),
    )


def checked() -> st.SearchStrategy[Acceptance]:
    """What the customer found at the receipt beside the goods: packages, papers, seals."""
    return st.builds(
        lambda name, at, final, packages, documents, seals: acceptance(
            line(10),
            name=name,
            at=(step(at) - START) / timedelta(hours=1),
            final=final,
            packages=packages,
            documents=documents,
            seals=seals,
        ),
        st.sampled_from(["A1", "A1", "A2"]),
        st.integers(0, 30),
        st.sampled_from([True, True, False]),
        st.sampled_from([None, None, 1, 2]),
        st.sampled_from([None, None, (), ("271",), ("certificate of conformity", "manual")]),
        st.sampled_from([None, None, (), ("S1",), ("S 1", "S2"), ("S9",)]),
    )


def remedies() -> st.SearchStrategy[Remedy]:
    return st.builds(
        lambda disposition, agreed, until, name, withdrawn: remedy(
            disposition, agreed=agreed / 2, until=until, name=name, withdrawn=withdrawn
        ),
        st.sampled_from(Disposition),
        st.integers(0, 30),
        st.one_of(st.none(), st.integers(8, 40).map(step)),
        st.sampled_from(["R1", "R2"]),
        st.sampled_from([False, False, True]),
    )


def terms() -> st.SearchStrategy[ServiceTerms]:
    """Follow-ups that may come due within the day: a warranty of a month by its long lead."""
    return st.builds(
        ServiceTerms,
        acceptance_days=st.sampled_from([None, None, 0]),
        warranty_months=st.sampled_from([None, 1]),
        training=st.booleans(),
        visit_after_days=st.sampled_from([None, None, 0]),
        survey_after_days=st.sampled_from([None, None, 0]),
    )


def cases() -> st.SearchStrategy[ServiceCase]:
    def case(version: datetime, named: str, severity: CaseSeverity | None, steps: dict[str, datetime]) -> ServiceCase:
        values: dict[str, Any] = {**steps, "reopened": (steps["reopened"],) if "reopened" in steps else ()}
        return service_case(version=version, order=named, severity=severity, **values)

    return st.builds(
        case,
        instants,
        st.sampled_from(["", "SO1", "SO2", "SO404"]),
        st.sampled_from([Severity.GRAVE, Severity.ORDINARY, None]),
        st.dictionaries(st.sampled_from(["responded", "solved", "verified", "closed", "reopened"]), instants),
    )


def cases_of_it() -> st.SearchStrategy[Told]:
    return received(cases().map(lambda case: case.model_copy(update={"order": "SO1"})))


def surveys() -> st.SearchStrategy[Survey]:
    return st.builds(
        lambda score, at: Survey(account=ERP, order="SO1", id="S1", version=at, score=Decimal(score), answered=at),
        st.integers(1, 5),
        instants,
    )
