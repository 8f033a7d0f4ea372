"""Registrations are kept right as tasks are: by one ledger, marked before each call, told when they succeed or fail."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from connectors.registry import TRACKERS
from connectors.trackers.session import Registered, RegistrationSession
from contracts.connector import Target
from contracts.errors import QuaysideError, Rejected, Retryable
from contracts.identity import Scope
from contracts.registration import Registration, RegistrationState
from contracts.settings import TrackerAccount
from contracts.snapshot import Snapshot, Wanted, WantedSubscription
from contracts.topics import DEAD_LETTERS, INBOUND
from mappings.trackers.registration import Parcel, fields
from streams.dispatch.entry import State
from streams.dispatch.intake import LaneKey, read_record
from streams.store.outbox import Letter
from tests.connectors.sample_tasks import late_task
from tests.streams.dispatch.fake_target import FakeTarget, connector
from tests.streams.dispatch.memory import MemoryStore, runner
from tests.streams.dispatch.samples import START, record, snapshot, task

ACCOUNT = TrackerAccount(
    name="express",
    connector="fake",
    url="http://127.0.0.1:1",
    source="pushes",
    carriers={"yuantong": "yto", "*": ""},
    tries=2,
)
PUSH = b'{"number": "YT1"}'


@dataclass
class Book:
    """A registry in memory: what it was asked, in order, and what it says next."""

    asked: list[str] = field(default_factory=list)
    answers: list[QuaysideError] = field(default_factory=list)

    async def register(self, parcel: Parcel) -> Registered:
        self._take(f"register {parcel.number} {parcel.carrier}".rstrip())
        return Registered(f"id-{parcel.number}")

    async def end(self, registration: str, parcel: Parcel) -> None:
        self._take(f"end {registration} {parcel.number}")

    async def ask(self, registration: str, parcel: Parcel) -> Sequence[bytes]:
        self._take(f"ask {registration} {parcel.number}")
        return [PUSH]

    def _take(self, what: str) -> None:
        self.asked.append(what)
        if self.answers:
            raise self.answers.pop()


@dataclass
class Desk:
    """A tracker's lanes over a book and a ledger in memory."""

    book: Book = field(default_factory=Book)
    store: MemoryStore = field(default_factory=MemoryStore)
    account: TrackerAccount = ACCOUNT
    now: datetime = START
    told: int = 0

    async def want(self, *parcels: WantedSubscription, order: str = "SO-1", ask_first: bool = False) -> None:
        """Take a snapshot that wants these, and bring its lane to rest."""
        self.told += 1
        wanted = snapshot(order=order).model_copy(update={"wanted": Wanted(subscriptions=parcels)})
        state = replace(read_record(record(wanted, self.told)), ask_first=ask_first)
        self.store.take(state, self.now)
        await self.run(state.key)

    async def run(self, key: LaneKey | None = None) -> None:
        fake = RegistrationSession(self.book, "fake/pushes", "application/json")
        lane = runner(self.store, fake, self.account, lambda: self.now)  # type: ignore[arg-type] # another session
        target = replace(connector(FakeTarget()), subscription_fields=fields)
        await replace(lane, target=target).run(key or LaneKey("erp", "order", "SO-1"), lambda: True)

    def letters(self) -> list[Letter]:
        taken, self.store.letters = self.store.letters, []
        return taken

    def facts(self) -> list[Registration]:
        return [fact for letter in self.letters() if (fact := _registration(letter)) is not None]


def _registration(letter: Letter) -> Registration | None:
    if letter.topic != INBOUND.name or b"quayside.registration" not in (letter.value or b""):
        return None
    return Registration.model_validate(json.loads(letter.value or b"")["data"])


def parcel(
    number: str = "YT1", until: datetime | None = None, again: datetime | None = None, ask_at: datetime | None = None
) -> WantedSubscription:
    return WantedSubscription(
        tracker="express", number=number, carrier="yuantong", since=START, until=until, again=again, ask_at=ask_at
    )


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_a_wanted_parcel_is_registered_once_by_the_tracker_s_own_code_and_that_is_a_fact(desk: Desk) -> None:
    await desk.want(parcel())
    await desk.want(parcel())
    assert desk.book.asked == ["register YT1 yto"]
    [fact] = desk.facts()
    assert (fact.account, fact.order, fact.id, fact.tracker) == ("erp", "SO-1", "YT1", "express")
    assert (fact.state, fact.reason) == (RegistrationState.REGISTERED, "")


async def test_another_tracker_s_parcels_and_tasks_are_none_of_its_business(desk: Desk) -> None:
    told = Wanted(tasks=(task(),), subscriptions=(parcel().model_copy(update={"tracker": "other"}),))
    state = read_record(record(snapshot().model_copy(update={"wanted": told})))
    desk.store.take(state, START)
    await desk.run(state.key)
    assert desk.book.asked == []
    assert desk.store.ledger == {}


@pytest.mark.parametrize("is_renewal", [True, False])
async def test_a_renewal_and_a_source_that_gave_up_ask_for_another_registration(desk: Desk, is_renewal: bool) -> None:  # noqa: FBT001 drawn
    for at in (START, START + timedelta(days=13)):
        await desk.want(parcel(until=at) if is_renewal else parcel(again=at))
    assert desk.book.asked == ["register YT1 yto", "register YT1 yto"]
    await desk.want(parcel())
    assert len(desk.book.asked) == 2, "that nothing more is said asks for nothing"


async def test_a_silent_parcel_is_asked_for_and_the_answer_is_read_like_a_push(desk: Desk) -> None:
    await desk.want(parcel())
    desk.letters()
    await desk.want(parcel(ask_at=START))
    assert desk.book.asked == ["register YT1 yto", "ask id-YT1 YT1"]
    [told] = [letter for letter in desk.letters() if _registration(letter) is None]
    headers = dict(told.headers)
    assert (told.topic, told.value) == (INBOUND.name, PUSH)
    assert (headers["ce_source"], headers["ce_type"]) == (b"fake/pushes", b"quayside.raw.v1")


async def test_what_is_wanted_no_longer_is_ended(desk: Desk) -> None:
    await desk.want(parcel(), parcel("YT2"))
    await desk.want(parcel("YT2"))
    assert desk.book.asked[2:] == ["end id-YT1 YT1"]
    assert {e.state for e in desk.store.ledger.values()} == {State.CLOSED, State.OPEN}
    await desk.want(parcel(), parcel("YT2"))
    assert desk.book.asked[3:] == ["register YT1 yto"], "wanted again it is registered again"


async def test_a_parcel_for_two_orders_is_ended_by_the_last_of_them(desk: Desk) -> None:
    await desk.want(parcel())
    await desk.want(parcel(), order="SO-2")
    await desk.want()
    assert not any(asked.startswith("end") for asked in desk.book.asked)
    await desk.want(order="SO-2")
    assert desk.book.asked[-1] == "end id-YT1 YT1"


async def test_a_refusal_for_good_is_a_dead_letter_and_a_fact_and_not_tried_again_unchanged(desk: Desk) -> None:
    desk.book.answers = [Rejected("no such carrier", code="return_702")]
    await desk.want(parcel())
    letters = desk.letters()
    assert [letter.topic for letter in letters] == [DEAD_LETTERS.name, INBOUND.name]
    [fact] = [fact for letter in letters if (fact := _registration(letter))]
    assert (fact.state, fact.code, fact.reason) == (RegistrationState.REFUSED, "return_702", "no such carrier")
    await desk.want(parcel())
    assert len(desk.book.asked) == 1
    await desk.want(parcel(until=START))
    assert [fact.state for fact in desk.facts()] == [RegistrationState.REGISTERED]


async def test_a_tracker_that_fails_too_often_while_it_answers_others_is_told_too(desk: Desk) -> None:
    await desk.want(parcel("YT0"), order="SO-0")
    desk.letters()
    for _ in range(9):
        desk.book.answers = [Retryable("busy", code="http_503")]
        await desk.want(parcel())
        desk.book.answers = []
        await desk.want(parcel("YT0", until=desk.now), order="SO-0")
        desk.now += timedelta(minutes=1)
    assert [fact.state for fact in desk.facts() if fact.id == "YT1"][:1] == [RegistrationState.REFUSED]


@pytest.mark.parametrize("ask_first", [True, False])
async def test_after_a_crash_in_the_middle_of_a_call_the_same_is_asked_once_more(
    desk: Desk,
    ask_first: bool,  # noqa: FBT001 drawn
) -> None:
    async def die() -> None:
        if desk.book.asked:
            raise RuntimeError("killed")

    desk.store.before = die
    with pytest.raises(RuntimeError):
        await desk.want(parcel(), ask_first=ask_first)
    desk.store = replace(desk.store, before=MemoryStore().before)
    await desk.run()
    assert desk.book.asked == ["register YT1 yto", "register YT1 yto"]
    desk.store.before = die
    with pytest.raises(RuntimeError):
        await desk.want(parcel(again=START))
    desk.store = replace(desk.store, before=MemoryStore().before)
    desk.letters()
    await desk.run()
    assert desk.book.asked[2:] == ["register YT1 yto"]
    assert [fact.state for fact in desk.facts()] == [RegistrationState.REGISTERED]


async def test_a_shadow_registers_nothing_and_says_nothing(desk: Desk) -> None:
    desk.account = ACCOUNT.model_copy(update={"mode": "shadow"})
    await desk.want(parcel())
    await desk.want()
    assert (desk.book.asked, desk.letters()) == ([], [])
    assert [entry.shadow for entry in desk.store.ledger.values()] == [True]


async def test_a_parcel_that_left_before_the_account_went_live_is_only_recorded(desk: Desk) -> None:
    desk.account = ACCOUNT.model_copy(update={"live_from": START + timedelta(hours=1)})
    await desk.want(parcel())
    assert desk.book.asked == []
    assert [entry.state for entry in desk.store.ledger.values()] == [State.RECORDED]


def test_a_parcel_s_number_that_the_ledger_could_not_keep_is_refused() -> None:
    wanted = Wanted(subscriptions=(parcel("9" * 256),))
    told = Snapshot(account="erp", scope=_SCOPE, subject="SO-1", wanted=wanted)
    with pytest.raises(Rejected, match="longer than 255"):
        read_record(record(told))


_SCOPE: Scope = "order"


def test_the_target_behind_a_tracker_takes_no_tasks() -> None:
    targets: list[Target] = [tracker.target for tracker in TRACKERS.values()]
    for target in targets:
        with pytest.raises(Rejected, match="takes no task"):
            target.fields(late_task("SO-1"), ACCOUNT)
