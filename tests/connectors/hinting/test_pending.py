"""When a hint is looked at, how often, and what a flood of them becomes: on a clock that the test holds."""

from itertools import pairwise

from connectors.hinting.pending import AFTER, BETWEEN, MOST, Pending
from contracts.hint import ANYTHING, Hint, Named

ORDER, OTHER = Named("order", "7"), Named("order", "8")


def look(pending: Pending, *news: Named) -> tuple[float, set[Named]]:
    """Look as soon as something is due, and find these news; gives when that was, and at what it was looked."""
    at = pending.next_look()
    assert at is not None
    assert pending.take(at - 0.001) == {}
    taken = pending.take(at)
    pending.looked(taken, news, at)
    return at, set(taken)


def test_a_burst_of_hints_is_one_look() -> None:
    pending = Pending()
    for now in (0.0, 0.01, 0.02):
        pending.add([ORDER, OTHER], now)
    assert look(pending, ORDER, OTHER) == (AFTER[0], {ORDER, OTHER})
    assert pending.next_look() is None


def test_what_was_no_news_is_looked_at_twice_more_since_the_sender_may_not_have_committed_yet() -> None:
    pending = Pending()
    pending.add([ORDER], 0.0)
    looks = [look(pending)[0] for _ in AFTER]
    assert looks == [AFTER[0], AFTER[0] + AFTER[1], AFTER[0] + AFTER[1] + AFTER[2]]
    assert pending.next_look() is None


def test_what_is_hinted_at_while_it_is_looked_at_is_looked_at_again() -> None:
    pending = Pending()
    pending.add([ORDER], 0.0)
    taken = pending.take(1.0)
    pending.add([ORDER], 1.5)
    pending.looked(taken, [ORDER], 2.0)
    assert look(pending, ORDER) == (1.0 + BETWEEN, {ORDER})


def test_a_hint_that_comes_again_after_a_look_in_vain_is_looked_at_as_soon_as_a_new_one() -> None:
    pending = Pending()
    pending.add([ORDER], 0.0)
    look(pending)
    pending.add([ORDER], 1.5)
    assert look(pending)[0] == 1.5 + AFTER[0]


def test_looks_begin_a_second_apart_at_the_least() -> None:
    pending = Pending()
    began = []
    for hundredth in range(500):
        now = hundredth / 100
        pending.add([Named("order", str(hundredth))], now)
        if taken := pending.take(now):
            began.append(now)
            pending.looked(taken, taken, now)
    assert len(began) == 5
    assert all(later - earlier > BETWEEN - 0.001 for earlier, later in pairwise(began))


def test_a_flood_is_not_kept_but_leads_to_one_look_for_all_that_changed() -> None:
    pending = Pending()
    pending.add([Named("order", str(number)) for number in range(1000)], 0.0)
    assert len(pending) <= MOST
    assert look(pending, ANYTHING) == (AFTER[0], {ANYTHING})


def test_a_system_that_asked_for_rest_is_left_alone() -> None:
    pending = Pending()
    pending.rest(60.0)
    pending.add([ORDER], 0.0)
    assert look(pending, ORDER)[0] == 60.0


def test_a_hint_names_a_document_by_its_kind_and_its_id_or_name_and_anything_otherwise() -> None:
    assert Hint(account="erp", kind="order", remote="7").named == ORDER
    assert Hint(account="erp", kind="order", document="SO7").named == Named("order", "", "SO7")
    assert Hint(account="erp", kind="order").named == Hint(account="erp", remote="7").named == ANYTHING
