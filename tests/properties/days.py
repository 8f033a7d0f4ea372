"""Days as the oracle of time draws them: what is told, when, and which sources are heard meanwhile."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from hypothesis import strategies as st

from contracts.clock import INGRESS, Clock, poller_source
from contracts.documents import DeliveryMethod, IssueState, ServiceTerms, Transport
from tests.properties.acts import acts
from tests.properties.after_sales import (
    acceptances,
    appointments,
    cases,
    cases_of_it,
    checked,
    proofs,
    remedies,
    surveys,
    terms,
)
from tests.properties.orders_and_parcels import arrivals, issues, orders, promising, readings, reports
from tests.properties.steps import STEPS, Told, received, step
from tests.streams.receipts import acceptance, line
from tests.streams.way import ERP, issue, order

SOURCES = (INGRESS, poller_source(ERP))


class Day(NamedTuple):
    """Inputs, and at which steps each source ticks."""

    told: Sequence[Told]
    ticks: dict[str, frozenset[int]]

    def clock(self, at: int) -> Clock:
        """The time and the hearing after the ticks of step `at`."""
        heard = {
            source: step(max(at for at in ticked))
            for source, all_of in self.ticks.items()
            if (ticked := _to(all_of, at))
        }
        return Clock(max(heard.values()), heard)


def _to(steps: Iterable[int], at: int) -> list[int]:
    return [found for found in steps if found <= at]


on_the_way = st.lists(
    st.one_of(received(st.one_of(orders(), issues(), issues(), reports(), reports(), cases(), surveys())), readings()),
    min_size=2,
    max_size=8,
)
"""Orders, what carries them, and what is asked about them."""


def handed_over() -> st.SearchStrategy[list[Told]]:
    """An order that has left or is ready, and what is told at its end: who fetched it, what was wrong, what is owed."""
    return st.builds(
        lambda method, closes, state, numbers, rest: [
            Told(promising(order("SO1", method=method), [closes]), 0),
            Told(issue("GI1", {"SO1": 10}, numbers=numbers, state=state, at=step(2)), 2),
            *rest,
        ],
        st.sampled_from(DeliveryMethod),
        st.integers(8, 40).map(step),
        st.sampled_from([IssueState.DESPATCHED, IssueState.PICKED]),
        st.sampled_from([(), (), ("YT1",)]),
        st.lists(received(st.one_of(appointments(), acceptances(), remedies(), proofs())), max_size=3),
    )


def sealed(at: int, seals: tuple[str, ...], terms: ServiceTerms) -> list[Told]:
    """An order with terms and papers, and what carries it, in two packages under seals."""
    whole = order("SO1").model_copy(update={"service": terms, "required_documents": ("2", "manual")})
    carried = issue("GI1", {"SO1": 10}, numbers=("YT1", "YT2"), at=step(at))
    return [Told(whole, 0), Told(carried.model_copy(update={"transport": Transport(seals=seals)}), at)]


def afterwards() -> st.SearchStrategy[list[Told]]:
    """A delivery that comes to its end, what was found then, and what was agreed for the time after it."""
    return st.builds(
        lambda begun, arrived, rest: [*begun, *arrived, *rest],
        st.builds(sealed, st.integers(0, 3), st.sampled_from([(), ("S1",), ("S1", "S2")]), terms()),
        arrivals(20),
        st.lists(st.one_of(received(checked()), received(checked()), received(surveys()), acts(), acts()), max_size=4),
    )


def finished() -> st.SearchStrategy[list[Told]]:
    """A delivery that was accepted as it is; what is told from then on mostly finds it closed."""
    return st.builds(
        lambda begun, arrived, at, rest: [*begun, *arrived, Told(acceptance(line(10), at=at / 2 - 1), at), *rest],
        st.builds(sealed, st.integers(0, 3), st.just(("S1",)), terms()),
        arrivals(8),
        st.integers(8, 12),
        st.lists(st.one_of(received(checked()), received(surveys()), acts(), acts(), cases_of_it()), max_size=3),
    )


inputs = st.one_of(on_the_way, handed_over(), afterwards())


@st.composite
def ticking(draw: st.DrawFn) -> frozenset[int]:
    """The steps at which a source ticks: all but those of a spell of deafness, and the first."""
    since, spell = draw(st.integers(1, STEPS)), draw(st.sampled_from([0, 0, 1, 5, 12, STEPS]))
    return frozenset(at for at in range(STEPS + 1) if not since <= at < since + spell)


def days_of(told: st.SearchStrategy[list[Told]]) -> st.SearchStrategy[Day]:
    """Days on which that is told, each source heard but for a spell."""
    return st.builds(
        lambda told, carriers, erp: Day(told, dict(zip(SOURCES, (carriers, erp), strict=True))),
        told,
        ticking(),
        ticking(),
    )


days = days_of(inputs)
