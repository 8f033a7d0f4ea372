"""What every tracker must do. A tracker inherits it by naming its record, its cloud and an account there."""

import json
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest

from connectors.registry import SOURCES, TRACKERS
from contracts.connector import Context, Heard, Record, TargetSession, Tracker, Writing
from contracts.errors import QuaysideError, Rejected, Retryable
from contracts.identity import key
from contracts.raw import RawRequest
from contracts.settings import TrackerAccount
from contracts.snapshot import WantedSubscription
from contracts.tracking import Tracking
from tests.fakes.serving import Pushed, Reply, serving
from tests.fakes.tracking import DELIVERED, TrackingCloud

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
CALLBACK = "https://quayside.example/in/x/pushes"


class RegistrationSuite:
    """Inherit, set the class variables, and provide the fixture `account`, at `cloud`.

    cloud_type: what is served. number, carrier: a parcel that the cloud takes, and a carrier as the account names it.
    wrong_number: what it refuses for good. can_end: whether registrations can be ended there. takes_any_carrier:
    whether it is a carrier itself. can_probe: whether a key can be tried for nothing.
    """

    tracker: ClassVar[Tracker]
    cloud_type: ClassVar[type[TrackingCloud]]
    number: ClassVar[str] = "YT8800100200"
    carrier: ClassVar[str] = "yuantong"
    wrong_number: ClassVar[str] = "88-"
    can_end: ClassVar[bool] = True
    takes_any_carrier: ClassVar[bool] = False
    can_probe: ClassVar[bool] = True
    wrong_key_code: ClassVar[str] = "unauthorised"

    @pytest.fixture
    async def cloud(self) -> AsyncIterator[TrackingCloud]:
        async with serving(self.cloud_type()) as cloud:
            yield cloud

    @pytest.fixture
    async def session(self, cloud: TrackingCloud, account: TrackerAccount) -> AsyncIterator[TargetSession]:
        async with self.tracker.target.open(account, cloud.key) as opened:
            yield opened

    def writing(self, account: TrackerAccount, *, number: str = "", carrier: str = "", **more: datetime) -> Writing:
        wanted = WantedSubscription(
            tracker=account.name, number=number or self.number, carrier=carrier or self.carrier, since=START
        ).model_copy(update=more)
        fields_of = self.tracker.target.subscription_fields
        assert fields_of is not None
        return Writing(
            key("erp", "order", "SO-1", "subscription", wanted.number).decode(), "k-1", fields_of(wanted, account)
        )

    def read(self, account: TrackerAccount, told: Iterable[Heard | Pushed]) -> list[Tracking]:
        """Read pushes and answers by the source connector's own mapping."""
        found: list[Tracking] = []
        for one in told:
            source = SOURCES[self.tracker.source]
            content_type = one.content_type if isinstance(one, Heard) else one.headers["content-type"]
            raw = RawRequest(source.name, account.source, one.body, START, content_type=content_type)
            context = Context(source.name, account.source, START, zone="Asia/Shanghai")
            mapped = source.to_events(source.read(raw), context)
            assert mapped.unknown_codes == (), "the cloud speaks codes that its vendor's table does not list"
            found += [event for event in mapped.events if isinstance(event, Tracking)]
        return found

    @staticmethod
    def statuses(told: Iterable[Tracking]) -> list[tuple[datetime, str]]:
        return sorted({(scan.occurred.at, str(scan.status)) for one in told for scan in one.scans})

    async def missing(self, account: TrackerAccount, key: str) -> list[str]:
        """What a probe says is missing."""
        probe = self.tracker.target.probe
        assert probe is not None
        return list(await probe(account, key))

    async def refusal(
        self, session: TargetSession, cloud: TrackingCloud, account: TrackerAccount, reply: Reply
    ) -> tuple[type[BaseException], str]:
        """How a registration is refused to which the cloud replies so."""
        cloud.instead = [reply]
        with pytest.raises(QuaysideError) as caught:
            await session.create(self.writing(account))
        return caught.type, caught.value.code

    def test_it_is_listed(self) -> None:
        assert TRACKERS[self.tracker.name] is self.tracker
        assert self.tracker.target.documentation
        assert self.tracker.source in SOURCES

    async def test_a_probe_finds_nothing_missing_registers_nothing_and_tells_of_a_wrong_key(
        self, cloud: TrackingCloud, account: TrackerAccount
    ) -> None:
        """As far as the cloud can tell without a registration; one that cannot has no probe."""
        if not self.can_probe:
            assert self.tracker.target.probe is None
            return
        known = account.model_copy(update={"carriers": {self.carrier: account.carriers[self.carrier]}})
        assert await self.missing(known, cloud.key) == []
        assert not cloud.is_registered(self.number)
        with pytest.raises(Retryable) as caught:
            await self.missing(account, "not the key")
        assert caught.value.code == self.wrong_key_code

    async def test_nothing_is_pushed_before_it_is_registered_and_everything_after(
        self, session: TargetSession, cloud: TrackingCloud, account: TrackerAccount
    ) -> None:
        cloud.scan(self.number)
        assert cloud.pushed() == []
        record = await session.create(self.writing(account))
        assert (record.is_open, record.fields) == (True, self.writing(account).fields)
        cloud.scan(self.number)
        told = self.read(account, cloud.pushed())
        assert {one.number for one in told} == {self.number}
        assert [status for _, status in self.statuses(told)][-1] == "in_transit"

    async def test_its_pushes_are_taken_by_the_source_with_the_secret_agreed_and_with_no_other(
        self, session: TargetSession, cloud: TrackingCloud, account: TrackerAccount
    ) -> None:
        await session.create(self.writing(account))
        cloud.scan(self.number)
        [pushed] = cloud.pushed()
        source = SOURCES[self.tracker.source]
        raw = RawRequest(
            source.name, account.source, pushed.body, START, pushed.headers["content-type"], headers=pushed.headers
        )
        source.verify(raw, [self.push_secret(cloud, account)])
        with pytest.raises(Rejected):
            source.verify(raw, ["another"])

    @staticmethod
    def push_secret(cloud: TrackingCloud, account: TrackerAccount) -> str:
        """Give what its pushes are signed with: what the account tells, the console's secret, or the key itself."""
        if account.push_secret is not None:
            return account.push_secret.read()
        return str(getattr(cloud, "secret", cloud.key))

    async def test_registered_twice_it_is_there_once(
        self, session: TargetSession, cloud: TrackingCloud, account: TrackerAccount
    ) -> None:
        first = await session.create(self.writing(account))
        again = await session.create(self.writing(account))
        assert first.id == again.id
        cloud.scan(self.number)
        assert len(cloud.pushed()) == 1

    async def test_what_it_answers_when_asked_says_what_a_push_would_have_said(
        self, session: TargetSession, cloud: TrackingCloud, account: TrackerAccount
    ) -> None:
        record = await session.create(self.writing(account))
        cloud.scan(self.number)
        cloud.later(HOUR)
        cloud.scan(self.number, DELIVERED)
        pushed = self.read(account, cloud.pushed())
        asked = await session.update(record, self.writing(account, ask_at=START + 24 * HOUR))
        answered = self.read(account, asked.heard)
        assert {one.source for one in asked.heard} == {f"{self.tracker.source}/{account.source}"}
        assert self.statuses(answered) == self.statuses(pushed)
        assert {one.number for one in answered} == {self.number}

    async def test_asked_before_any_scan_it_answers_nothing(
        self, session: TargetSession, account: TrackerAccount
    ) -> None:
        record = await session.create(self.writing(account))
        asked = await session.update(record, self.writing(account, ask_at=START))
        assert self.statuses(self.read(account, asked.heard)) == []

    async def test_an_update_that_asks_for_nothing_makes_no_call(
        self, session: TargetSession, cloud: TrackingCloud, account: TrackerAccount
    ) -> None:
        record = await session.create(self.writing(account, ask_at=START))
        before = len(cloud.requests)
        await session.update(record, self.writing(account))
        assert len(cloud.requests) == before

    async def test_what_it_gave_up_is_registered_again(
        self, session: TargetSession, cloud: TrackingCloud, account: TrackerAccount
    ) -> None:
        record = await session.create(self.writing(account))
        cloud.give_up(self.number)
        cloud.later(self.tracker.again_after)
        cloud.pushed()
        cloud.scan(self.number)
        assert cloud.pushed() == []
        again = await session.update(record, self.writing(account, again=cloud.now))
        cloud.scan(self.number)
        assert [one.number for one in self.read(account, cloud.pushed())] == [self.number]
        assert again.is_open

    async def test_what_is_ended_is_pushed_no_more_and_can_be_ended_twice_and_begun_anew(
        self, session: TargetSession, cloud: TrackingCloud, account: TrackerAccount
    ) -> None:
        record = await session.create(self.writing(account))
        for _ in range(2):
            assert not (await session.close(record, self.writing(account))).is_open
        cloud.scan(self.number)
        assert bool(cloud.pushed()) != self.can_end
        await session.create(self.writing(account))
        cloud.scan(self.number)
        assert len(cloud.pushed()) == 1

    async def test_after_a_crash_nothing_is_believed_and_everything_is_written_again(
        self, session: TargetSession, account: TrackerAccount
    ) -> None:
        record = await session.create(self.writing(account))
        assert await session.look_up(self.writing(account).key) == ()
        found = await session.read(record.id)
        assert found is not None
        assert (found.is_open, found.fields) == (True, {})
        again = await session.update(found, self.writing(account))
        assert again.id == record.id
        unknown = replace(self.writing(account), fields={})
        assert not (await session.close(found, unknown)).is_open
        assert [change async for change in session.changed_since("")] == []

    async def test_a_number_that_it_does_not_take_is_refused_for_good_with_its_own_words(
        self, session: TargetSession, account: TrackerAccount
    ) -> None:
        with pytest.raises(Rejected, match=r"answered|takes no"):
            await session.create(self.writing(account, number=self.wrong_number, carrier="*"))

    async def test_a_carrier_that_it_does_not_know_is_refused_for_good(
        self, session: TargetSession, account: TrackerAccount
    ) -> None:
        if self.takes_any_carrier:
            assert (await session.create(self.writing(account, carrier="nobody"))).is_open
            return
        with pytest.raises(Rejected):
            await session.create(self.writing(account, carrier="nobody"))

    async def test_without_a_carrier_s_code_it_finds_out(
        self, session: TargetSession, cloud: TrackingCloud, account: TrackerAccount
    ) -> None:
        await session.create(self.writing(account, carrier="*"))
        assert cloud.is_registered(self.number)

    async def test_a_wrong_key_is_for_somebody_to_mend(self, account: TrackerAccount) -> None:
        async with self.tracker.target.open(account, "wrong") as session:
            with pytest.raises(Retryable) as caught:
                await session.create(self.writing(account))
        assert caught.value.code == self.wrong_key_code
        assert "wrong" not in str(caught.value)

    async def test_without_a_key_it_is_not_opened(self, account: TrackerAccount) -> None:
        with pytest.raises(Rejected, match="secret"):
            async with self.tracker.target.open(account, None):
                pass

    @pytest.mark.parametrize(
        "reply", [Reply(500), Reply(503), Reply(200, b"<html>"), Reply(200, []), Reply(200, {})], ids=str
    )
    async def test_a_server_that_fails_or_is_none_of_its_own_is_tried_again(
        self, session: TargetSession, cloud: TrackingCloud, account: TrackerAccount, reply: Reply
    ) -> None:
        cloud.instead = [reply] * 3
        with pytest.raises(Retryable):
            await session.create(self.writing(account))
        assert not cloud.is_registered(self.number)

    async def test_faster_than_it_allows_it_asks_to_wait_and_by_the_published_limit_it_does_not(
        self, session: TargetSession, cloud: TrackingCloud, account: TrackerAccount
    ) -> None:
        limit = self.tracker.target.limit
        assert (limit.calls / limit.seconds if limit else None) == cloud.per_second
        if limit is None:
            return
        cloud.pace = timedelta(0)
        record = await session.create(self.writing(account))
        with pytest.raises(Retryable) as caught:
            await self._ask_often(session, record, account, limit.calls + 1)
        assert caught.value.code == "too_many_requests"
        cloud.pace = timedelta(seconds=limit.seconds / limit.calls, milliseconds=1)
        cloud.later(timedelta(seconds=1))
        await self._ask_often(session, record, account, limit.calls * 3)

    async def _ask_often(self, session: TargetSession, record: Record, account: TrackerAccount, times: int) -> None:
        for hour in range(times):
            await session.update(record, self.writing(account, ask_at=START + hour * HOUR))

    @pytest.mark.parametrize(
        ("changes", "named"),
        [
            ({"url": "poll"}, "URL"),
            ({"options": {"colour": "red"}}, "colour"),
            ({"options": {"timeout_seconds": "0"}}, "timeout_seconds"),
        ],
    )
    def test_a_wrong_account_is_refused_in_a_sentence(
        self, account: TrackerAccount, changes: Mapping[str, object], named: str
    ) -> None:
        self.tracker.target.check(account)
        options = {"options": account.options | changes["options"]} if "options" in changes else {}  # type: ignore[operator]
        with pytest.raises(Rejected, match=named):
            self.tracker.target.check(account.model_copy(update={**changes, **options}))


def account_at(cloud: TrackingCloud, connector: str, code: str, **more: object) -> TrackerAccount:
    carriers = {"yuantong": code, "nobody": "999999", "*": ""}
    known: dict[str, object] = {"name": "express", "connector": connector, "url": cloud.url, "source": "pushes"}
    return TrackerAccount.model_validate(known | {"carriers": carriers, "callback": CALLBACK} | more)


def requests_of(cloud: TrackingCloud) -> list[str]:
    """What was asked, in order."""
    return [f"{request.method} {request.path}" for request in cloud.requests]


def body(record: Record) -> list[object]:
    """What was heard, as JSON."""
    return [json.loads(heard.body) for heard in record.heard]
