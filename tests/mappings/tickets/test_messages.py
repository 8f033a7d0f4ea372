"""How messages to those who are only told are named, and what people are told of."""

import pytest

from contracts.connector import Writing
from contracts.errors import Rejected
from contracts.record_keys import status_key
from contracts.settings import TargetAccount
from contracts.snapshot import Kind, SubjectType, task_key_of
from mappings.tickets import spoken
from mappings.tickets.messages import Occasion, following, opening, place
from tests.connectors.sample_tasks import BEGAN, late_task

ACCOUNT = TargetAccount(name="mail", connector="smtp", url="smtp://mail.example.com")
KEY = late_task("SO-7").key
FIELDS = {"title": "Order SO-7 is late", "details": "Ask the carrier."}


def writing(comment: str = "", **fields: str) -> Writing:
    return Writing(KEY, "abc-1", {**FIELDS, **fields}, comment)


def test_the_same_message_has_the_same_id_and_any_other_has_another() -> None:
    first = opening(writing())
    again, other = opening(writing()), opening(writing(title="Order SO-7 is very late"))
    assert first == again
    after = following(first.id, writing(), Occasion.UPDATED)
    assert len({first.id, other.id, after.id, following(after.id, writing(), Occasion.UPDATED).id}) == 4
    assert (after.follows, place(after.id)) == (first.id, 2)


def test_a_close_has_the_same_id_whatever_is_still_known_of_what_was_said() -> None:
    """After a crash nothing is, and it is the same message."""
    first = opening(writing())
    whole = following(first.id, writing("It arrived"), Occasion.CLOSED)
    bare = following(first.id, Writing(KEY, "abc-1", {}, "It arrived"), Occasion.CLOSED)
    assert whole.id == bare.id
    assert spoken.heading(whole, "en") == "Closed: Order SO-7 is late"
    assert spoken.heading(bare, "en") == "Closed: SO-7 (late)"


@pytest.mark.parametrize(
    ("key", "subject"),
    [
        (
            task_key_of("erp", "parcel", "YT1", (SubjectType.PARCEL, "YT1"), Kind.ORPHAN_TRACKING),
            "YT1 (orphan_tracking)",
        ),
        (status_key("erp", "order", "SO-7"), "SO-7 (delivery)"),
    ],
)
def test_a_record_of_which_nothing_is_known_is_named_by_its_key(key: str, subject: str) -> None:
    assert opening(Writing(key, "abc-1", {})).subject == subject


@pytest.mark.parametrize("name", ["", "7", "abc-1", "abc-1.x.y", "a.²"])
def test_what_is_no_message_s_id_is_refused(name: str) -> None:
    with pytest.raises(Rejected):
        place(name)


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_people_are_told_of_another_matter_and_not_of_one_more_scan(language: str) -> None:
    account = ACCOUNT.model_copy(update={"language": language})
    told = spoken.fields(late_task(), account)
    assert not spoken.matters(told, spoken.fields(late_task(scan="离开【武汉转运中心】"), account))
    assert spoken.matters(told, spoken.fields(late_task(due=BEGAN), account))
    assert spoken.matters(told, {**told, "severity": "grave"})
    assert spoken.matters(told, {**told, "role": "sales"})
