"""What every target must do. A target inherits it by naming its record and giving `system`: one to write to.

    class TestRequestTracker(TargetConformance):
        target = REQUEST_TRACKER

A real system, or a fake of a vendor's cloud that keeps state (tests/fakes). Faults are injected by a proxy in front of
it, so nothing is pretended but the fault itself. What does not apply is declared, clause by clause, with its reason:

        not_applicable = {"approvals": "its pages know no approval (https://vendor.example/tickets, section 3)"}

and so is what is peculiar: which requests create, update and look up, and the failures that the vendor documents
(`conformance.target_suite`).
"""

from typing import get_args

from connectors.registry import TARGETS
from tests.connectors.conformance.clauses import check_reasons
from tests.connectors.conformance.target_failing import FailingConformance
from tests.connectors.conformance.target_finding import FindingConformance
from tests.connectors.conformance.target_orders import OrdersConformance
from tests.connectors.conformance.target_people import PeopleConformance
from tests.connectors.conformance.target_probing import ProbingConformance
from tests.connectors.conformance.target_reopening import ReopeningConformance
from tests.connectors.conformance.target_suite import Clause, Failure, Person, System
from tests.connectors.conformance.target_writing import WritingConformance

__all__ = ["Failure", "Person", "System", "TargetConformance"]


class TargetConformance(
    WritingConformance,
    OrdersConformance,
    FindingConformance,
    PeopleConformance,
    FailingConformance,
    ProbingConformance,
    ReopeningConformance,
):
    """The suite; inherit it, name the record as `target`, and provide the fixture `system`."""

    def test_the_record_is_listed_and_names_its_pages(self) -> None:
        assert TARGETS.get(self.target.name) is self.target, "connectors/registry.py does not list it"
        assert self.target.documentation, "documentation: the vendor's pages"

    def test_what_is_left_out_is_a_clause_and_says_why(self) -> None:
        check_reasons(self.not_applicable, get_args(Clause))
