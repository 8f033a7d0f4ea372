"""What operators do by hand, along the whole way: whose a parcel is, that it was delivered, and undoing it."""

from itertools import permutations

import pytest
from pydantic import ValidationError

from contracts.documents import ServiceTerms
from contracts.errors import Rejected
from contracts.feedback import FeedbackOutcome, TaskFeedback
from contracts.model import Contract, build
from contracts.operator_action import Act, OperatorAction
from contracts.snapshot import DeliveryStatus, Kind, SubjectType, task_key_of
from contracts.topics import CASES
from contracts.tracking import TrackingStatus
from streams.stages.normalise import route
from tests.streams.way import ERP, Way, hours, issue, order, report

MOVING = (hours(3), TrackingStatus.IN_TRANSIT)
DELIVERED = (hours(30), TrackingStatus.DELIVERED)
ORPHANED = task_key_of("express", "parcel", "YT9", (SubjectType.PARCEL, "YT9"), Kind.ORPHAN_TRACKING)


def action(act: Act, at: float, subject: str = "SO1", **more: object) -> OperatorAction:
    return build(
        OperatorAction,
        **{"account": ERP, "scope": "order", "subject": subject, "by": "li", "why": "Seen on the gate pass."} | more,
        act=act,
        at=hours(at),
    )


def undo(undone: OperatorAction, at: float) -> OperatorAction:
    return action(Act.UNDO, at, undone.subject, undoes=undone.id, parcel=undone.parcel)


def told(*events: tuple[Contract, float], until: float = 40) -> Way:
    way = Way()
    for event, at in events:
        way.tell(event, hours(at))
    way.hear(hours(until))
    return way


def parcels(way: Way, number: str = "SO1") -> dict[str, TrackingStatus | None]:
    view = way.order(number).view
    assert view is not None
    return {parcel.number: parcel.status for parcel in view.parcels}


LINK = action(Act.LINK, 5, parcel="yt-9")
BEGINNING = ((order(), 0), (issue(numbers=()), 1), (report("YT9", MOVING, DELIVERED), 31))


def test_a_linked_parcel_is_the_order_s_with_all_its_scans_and_no_orphan() -> None:
    way = told(*BEGINNING, (LINK, 5), until=100)
    assert parcels(way) == {"YT9": TrackingStatus.DELIVERED}
    assert [finding for finding in way.findings() if finding.kind is Kind.ORPHAN_TRACKING] == []


def test_an_undone_link_leaves_nothing_and_the_parcel_is_an_orphan_a_day_later() -> None:
    way = told(*BEGINNING, (LINK, 5), (undo(LINK, 32), 32), until=100)
    assert parcels(way) == {}
    [orphan] = [finding for finding in way.findings() if finding.kind is Kind.ORPHAN_TRACKING]
    assert orphan.since == hours(32 + 24)


def test_an_undone_undo_restores_what_it_undid() -> None:
    undone = undo(LINK, 32)
    assert parcels(told(*BEGINNING, (LINK, 5), (undone, 32), (undo(undone, 33), 33))) == {
        "YT9": TrackingStatus.DELIVERED
    }


def test_an_undo_counts_though_it_arrives_before_what_it_undoes() -> None:
    undone = undo(LINK, 32)
    ways = [
        told(*BEGINNING, *((event, at) for event, at in order_)) for order_ in permutations([(LINK, 5), (undone, 32)])
    ]
    assert ways[0].snapshots() == ways[1].snapshots()


def test_a_linked_parcel_ends_the_line_of_the_goods_issue_it_carries() -> None:
    linked = action(Act.LINK, 5, parcel="YT9", document="GI1", carrier="yuantong")
    beginning = ((order(), 0), (issue(numbers=()), 1), (report("YT9", MOVING), 4))
    under_way = told(*beginning, (linked, 5))
    assert under_way.order().view is not None
    assert under_way.order().view.status is DeliveryStatus.IN_TRANSIT  # type: ignore[union-attr]
    arrived = told(*beginning, (linked, 5), (report("YT9", MOVING, DELIVERED), 31))
    assert arrived.order().view.status is DeliveryStatus.DELIVERED  # type: ignore[union-attr]


def test_an_unlinked_parcel_is_not_the_order_s_whatever_its_documents_say_later() -> None:
    unlink = action(Act.UNLINK, 5, parcel="YT1")
    way = told(
        (order(), 0), (issue(), 1), (report("YT1", MOVING), 4), (unlink, 5), (issue(version=hours(8)), 8), until=10
    )
    assert parcels(way) == {}
    restored = told((order(), 0), (issue(), 1), (report("YT1", MOVING), 4), (unlink, 5), (undo(unlink, 9), 9), until=10)
    assert parcels(restored) == {"YT1": TrackingStatus.IN_TRANSIT}


def test_unlinked_from_one_order_and_linked_to_another_it_moves() -> None:
    way = told(
        (order(), 0),
        (order("SO2"), 0),
        (issue(), 1),
        (report("YT1", MOVING), 4),
        (action(Act.UNLINK, 5, parcel="YT1"), 5),
        (action(Act.LINK, 6, "SO2", parcel="YT1"), 6),
        until=10,
    )
    assert parcels(way) == {}
    assert parcels(way, "SO2") == {"YT1": TrackingStatus.IN_TRANSIT}


def test_the_last_word_on_a_parcel_counts() -> None:
    words = ((LINK, 5), (action(Act.UNLINK, 6, parcel="YT9"), 6), (action(Act.LINK, 7, parcel="YT9"), 7))
    assert parcels(told(*BEGINNING, *words)) == {"YT9": TrackingStatus.DELIVERED}
    assert parcels(told(*BEGINNING, *words[:2])) == {}


def test_a_confirmed_parcel_is_delivered_since_then_until_that_is_undone() -> None:
    confirm = action(Act.CONFIRM, 20, parcel="YT1", happened_at=hours(19))
    way = told((order(), 0), (issue(), 1), (report("YT1", MOVING), 4), (confirm, 20), until=100)
    view = way.order().view
    assert view is not None
    assert view.status is DeliveryStatus.DELIVERED
    assert view.parcels[0].delivered_at == hours(19)
    assert way.findings() == []
    undone = told((order(), 0), (issue(), 1), (report("YT1", MOVING), 4), (confirm, 20), (undo(confirm, 21), 21))
    assert parcels(undone) == {"YT1": TrackingStatus.IN_TRANSIT}


def test_every_action_stands_in_the_timeline_with_who_and_why_and_its_id() -> None:
    note = action(Act.NOTE, 6, why="The customer wants it by Friday.")
    undone = undo(LINK, 32)
    view = told(*BEGINNING, (LINK, 5), (note, 6), (undone, 32)).order().view
    assert view is not None
    by_hand = [entry for entry in view.timeline if entry.what.startswith("operator_")]
    assert [(entry.what, entry.at, entry.by, entry.id) for entry in by_hand] == [
        ("operator_link", hours(5), "li", LINK.id),
        ("operator_note", hours(6), "li", note.id),
        ("operator_undo", hours(32), "li", undone.id),
    ]
    assert by_hand[1].text == "The customer wants it by Friday."


def test_a_task_about_an_orphan_can_be_snoozed_where_the_parcel_stands() -> None:
    snooze = action(Act.SNOOZE, 60, "YT9", account="express", scope="parcel", task=ORPHANED, until=hours(80))
    assert [task.kind for task in told(*BEGINNING, until=60).tasks()] == [Kind.ORPHAN_TRACKING]
    way = told(*BEGINNING, (snooze, 60), until=79)
    assert way.tasks() == []
    view = way.snapshots()["parcel", "YT9"].view
    assert view is not None
    assert (view.timeline[-1].what, view.timeline[-1].subject) == ("operator_snooze", "orphan_tracking YT9")
    way.hear(hours(80))
    assert [task.kind for task in way.tasks()] == [Kind.ORPHAN_TRACKING]


def test_the_same_action_told_again_has_the_same_id_and_no_effect() -> None:
    again = OperatorAction.model_validate_json(LINK.encode())
    assert again.id == LINK.id
    assert told(*BEGINNING, (LINK, 5), (again, 9)).snapshots() == told(*BEGINNING, (LINK, 5)).snapshots()


@pytest.mark.parametrize(
    ("act", "more"),
    [
        (Act.LINK, {}),
        (Act.UNLINK, {}),
        (Act.SNOOZE, {"until": hours(9)}),
        (Act.SNOOZE, {"task": task_key_of(ERP, "order", "SO1", (SubjectType.ORDER, "SO1"), Kind.LATE)}),
        (Act.CLOSE, {}),
        (Act.CLOSE, {"task": "late"}),
        (Act.CLOSE, {"task": task_key_of(ERP, "order", "SO2", (SubjectType.ORDER, "SO2"), Kind.LATE)}),
        (Act.REOPEN, {}),
        (Act.CONFIRM, {"parcel": "YT1"}),
        (
            Act.CONFIRM,
            {"happened_at": hours(4), "task": task_key_of(ERP, "order", "SO1", (SubjectType.ORDER, "SO1"), Kind.LATE)},
        ),
        (Act.UNDO, {}),
        (Act.NOTE, {"by": ""}),
        (Act.NOTE, {"why": ""}),
        (Act.LINK, {"parcel": "YT1", "scope": "parcel"}),
        (Act.NOTE, {"until": hours(1)}),
    ],
)
def test_an_action_that_lacks_what_it_needs_is_refused(act: Act, more: dict[str, object]) -> None:
    with pytest.raises((Rejected, ValidationError)):
        action(act, 5, **more)  # type: ignore[arg-type]


def test_an_action_on_a_case_goes_to_its_own_stage() -> None:
    [output] = route(action(Act.NOTE, 5, scope="case"))
    assert output.topic is CASES


def test_a_follow_up_that_an_operator_closed_is_over_and_keeps_no_delivery_open() -> None:
    visit = task_key_of(ERP, "order", "SO1", (SubjectType.ORDER, "SO1"), Kind.VISIT_DUE)
    whole = order().model_copy(update={"service": ServiceTerms(visit_after_days=1)})
    close = action(Act.CLOSE, 60, task=visit)
    told_ = ((whole, 0), (issue(), 1), (report("YT1", DELIVERED), 31))
    assert [task.kind for task in told(*told_, until=60).tasks()] == [Kind.VISIT_DUE]
    way = told(*told_, (close, 60), until=24 * 200)
    assert way.tasks() == []
    assert way.order().closed_at is not None


def test_an_approval_stands_in_the_timeline_beside_the_closing_that_it_approves() -> None:
    short = task_key_of(ERP, "order", "SO1", (SubjectType.ORDER, "SO1"), Kind.UNDER_DESPATCHED)
    feedback = TaskFeedback(
        account=ERP,
        scope="order",
        subject="SO1",
        task=short,
        since=hours(1.5),
        target="tickets",
        episode=1,
        outcome=FeedbackOutcome.APPROVED,
        record="17",
        at=hours(4),
        by="li",
        reason="A pallet broke.",
        approved_by="chen",
    )
    beginning = ((order(), 0), (issue("GI1", {"SO1": 8}), 1))
    at_a_target = told(*beginning, (feedback, 4), until=5).order().view
    by_hand = told(*beginning, (action(Act.CLOSE, 4, task=short, approved_by="chen"), 4), until=5).order().view
    assert at_a_target is not None
    assert by_hand is not None
    assert [(one.what, one.by, one.text) for one in at_a_target.timeline if one.at == hours(4)] == [
        ("task_approved", "chen", ""),
        ("task_done", "li", "A pallet broke."),
    ]
    assert [(one.what, one.by, one.subject) for one in by_hand.timeline if one.at == hours(4)] == [
        ("operator_close", "li", "under_despatched SO1"),
        ("task_approved", "chen", "under_despatched SO1"),
    ]


def test_all_that_had_left_is_confirmed_by_one_word_and_what_left_later_is_not() -> None:
    confirm = action(Act.CONFIRM, 20, happened_at=hours(19))
    way = told(
        (order(), 0),
        (issue("GI1", {"SO1": 4}, numbers=("YT1", "YT2")), 1),
        (issue("GI2", {"SO1": 6}, numbers=("YT3",), at=hours(19.5), version=hours(19.5)), 19.5),
        (confirm, 20),
        until=30,
    )
    view = way.order().view
    assert view is not None
    assert [parcel.delivered_at for parcel in view.parcels] == [hours(19), hours(19), None]


def test_what_an_operator_confirms_is_found_no_more_where_the_kind_takes_a_word() -> None:
    visit = task_key_of(ERP, "order", "SO1", (SubjectType.ORDER, "SO1"), Kind.VISIT_DUE)
    late = task_key_of(ERP, "order", "SO1", (SubjectType.ORDER, "SO1"), Kind.LATE)
    overdue = task_key_of(ERP, "order", "SO1", (SubjectType.ORDER, "SO1"), Kind.ACCEPTANCE_OVERDUE)
    whole = order().model_copy(update={"service": ServiceTerms(visit_after_days=1, acceptance_days=1)})
    arrived = ((whole, 0), (issue(), 1), (report("YT1", DELIVERED), 31))
    assert {finding.kind for finding in told(*arrived, until=80).findings()} == {
        Kind.VISIT_DUE,
        Kind.ACCEPTANCE_OVERDUE,
    }
    words = [(action(Act.CONFIRM, 80, task=task), 80) for task in (visit, overdue)]
    assert told(*arrived, *words, until=81).findings() == []
    undone = [(undo(confirmed, 82), 82) for confirmed, _ in words]
    assert len(told(*arrived, *words, *undone, until=83).findings()) == 2
    under_way = ((order(), 0), (issue(), 1), (report("YT1", MOVING), 4))
    confirmed = told(*under_way, (action(Act.CONFIRM, 70, task=late), 70), until=71)
    assert Kind.LATE in {finding.kind for finding in confirmed.findings()}


def test_a_link_stands_though_the_parcel_is_confirmed_later() -> None:
    linked = action(Act.LINK, 5, parcel="YT9", document="GI1", carrier="yuantong")
    confirmed = action(Act.CONFIRM, 20, parcel="YT9", happened_at=hours(1))
    way = told(
        (order(), 0), (issue(numbers=(), at=hours(1)), 1), (report("YT9", MOVING), 4), (linked, 5), (confirmed, 20)
    )
    view = way.order().view
    assert view is not None
    assert [(parcel.document, parcel.delivered_at) for parcel in view.parcels] == [("GI1", hours(1))]
    unlinked = action(Act.UNLINK, 6, parcel="YT9")
    gone = told((order(), 0), (issue(numbers=("YT9",)), 1), (unlinked, 6), (confirmed, 20)).order().view
    assert gone is not None
    assert gone.parcels == ()


def test_what_left_at_the_very_instant_of_a_confirmed_delivery_is_meant() -> None:
    confirmed = action(Act.CONFIRM, 20, happened_at=hours(1))
    view = told((order(), 0), (issue(at=hours(1)), 1), (confirmed, 20)).order().view
    assert view is not None
    assert [parcel.delivered_at for parcel in view.parcels] == [hours(1)]


def test_an_unlinked_parcel_is_nobodys_and_asked_about_a_day_later() -> None:
    unlink = action(Act.UNLINK, 5, parcel="YT1")
    way = told((order(), 0), (issue(), 1), (report("YT1", MOVING), 4), (unlink, 5), until=100)
    [orphan] = [finding for finding in way.findings() if finding.kind is Kind.ORPHAN_TRACKING]
    assert orphan.since == hours(5 + 24)
