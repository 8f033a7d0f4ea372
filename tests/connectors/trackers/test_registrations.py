"""Trackers against clouds that behave as their pages say."""

import json
from datetime import timedelta
from urllib.parse import parse_qs

import pytest

from connectors.registry import SOURCES, TRACKERS
from contracts.connector import TargetSession
from contracts.errors import Rejected, Retryable
from contracts.raw import RawRequest
from contracts.settings import SecretFrom, TrackerAccount
from contracts.tracking import Subscription
from tests.connectors.trackers.registration_suite import (
    CALLBACK,
    HOUR,
    START,
    RegistrationSuite,
    account_at,
    requests_of,
)
from tests.fakes.aftership import AfterShip
from tests.fakes.easypost import EasyPost
from tests.fakes.kuaidi100 import Kuaidi100
from tests.fakes.serving import Reply
from tests.fakes.seventeen_track import SeventeenTrack

SALT = "0f1e2d3c"


class TestKuaidi100(RegistrationSuite):
    tracker = TRACKERS["kuaidi100"]
    cloud_type = Kuaidi100
    can_end = False
    can_probe = False

    @pytest.fixture
    def account(self, cloud: Kuaidi100, monkeypatch: pytest.MonkeyPatch) -> TrackerAccount:
        monkeypatch.setenv("SALT", SALT)
        options = {"customer": cloud.customer, "phone": "13800000000"}
        return account_at(cloud, "kuaidi100", "yuantong", options=options, push_secret=SecretFrom(env="SALT"))

    async def test_pushes_come_to_the_callback_signed_with_the_agreed_salt(
        self, session: TargetSession, cloud: Kuaidi100, account: TrackerAccount
    ) -> None:
        await session.create(self.writing(account))
        cloud.scan(self.number)
        [pushed] = cloud.pushed()
        assert pushed.url == CALLBACK
        raw = RawRequest("kuaidi100", "pushes", pushed.body, START, content_type=pushed.headers["content-type"])
        SOURCES["kuaidi100"].verify(raw, [SALT])
        with pytest.raises(Rejected):
            SOURCES["kuaidi100"].verify(raw, ["another"])

    async def test_what_was_not_found_for_three_days_is_given_up_and_that_is_told(
        self, session: TargetSession, cloud: Kuaidi100, account: TrackerAccount
    ) -> None:
        record = await session.create(self.writing(account))
        cloud.later(timedelta(days=3))
        [told] = self.read(account, cloud.pushed())
        assert told.subscription is Subscription.ABORTED
        await session.update(record, self.writing(account, again=cloud.now))
        assert not cloud.is_registered(self.number), "it takes nothing again within half an hour"
        cloud.later(self.tracker.again_after)
        await session.update(record, self.writing(account, again=cloud.now))
        assert cloud.is_registered(self.number)

    async def test_a_number_is_registered_at_most_four_times_a_month_and_the_fifth_is_no_failure(
        self, session: TargetSession, cloud: Kuaidi100, account: TrackerAccount
    ) -> None:
        record = await session.create(self.writing(account))
        for _ in range(5):
            cloud.give_up(self.number)
            cloud.later(HOUR)
            record = await session.update(record, self.writing(account, again=cloud.now))
        assert len(cloud.monitored[self.number].times) == 4

    async def test_without_the_carrier_or_the_customer_s_number_nobody_is_asked(
        self, session: TargetSession, cloud: Kuaidi100, account: TrackerAccount
    ) -> None:
        await session.create(self.writing(account, carrier="*", ask_at=START))
        assert requests_of(cloud) == ["POST /poll"]

    async def test_a_number_that_is_locked_because_it_was_just_asked_for_is_let_rest(
        self, session: TargetSession, cloud: Kuaidi100, account: TrackerAccount
    ) -> None:
        cloud.scan(self.number)
        record = await session.create(self.writing(account, ask_at=START))
        with pytest.raises(Retryable) as caught:
            await session.update(record, self.writing(account, ask_at=START + HOUR))
        assert (caught.value.code, caught.value.retry_after) == ("locked", timedelta(minutes=30))

    async def test_each_of_its_codes_is_named_by_what_happens_next(
        self, session: TargetSession, cloud: Kuaidi100, account: TrackerAccount
    ) -> None:
        named = {
            "500": (Retryable, "return_500"),
            "601": (Retryable, "unauthorised"),
            "701": (Rejected, "return_701"),
            "999": (Rejected, "return_999"),
        }
        replies = {code: Reply(body={"result": False, "returnCode": code, "message": "no"}) for code in named}
        assert {code: await self.refusal(session, cloud, account, replies[code]) for code in named} == named

    @pytest.mark.parametrize("code", ["501", "502"])
    async def test_a_query_that_fails_over_there_is_tried_again(
        self, session: TargetSession, cloud: Kuaidi100, account: TrackerAccount, code: str
    ) -> None:
        record = await session.create(self.writing(account))
        cloud.instead = [Reply(body={"result": False, "returnCode": code, "message": "busy"})]
        with pytest.raises(Retryable):
            await session.update(record, self.writing(account, ask_at=START))

    async def test_the_sender_s_telephone_number_goes_along(
        self, session: TargetSession, cloud: Kuaidi100, account: TrackerAccount
    ) -> None:
        await session.create(self.writing(account))
        param = json.loads(parse_qs(cloud.requests[0].body.decode())["param"][0])
        assert param["parameters"]["phone"] == "13800000000"


class TestSeventeenTrack(RegistrationSuite):
    tracker = TRACKERS["17track"]
    cloud_type = SeventeenTrack

    @pytest.fixture
    def account(self, cloud: SeventeenTrack) -> TrackerAccount:
        return account_at(cloud, "17track", "190271")

    async def test_a_stop_is_told_and_the_second_one_cannot_be_undone(
        self, session: TargetSession, cloud: SeventeenTrack, account: TrackerAccount
    ) -> None:
        record = await session.create(self.writing(account))
        cloud.give_up(self.number)
        [told] = self.read(account, cloud.pushed())
        assert told.subscription is Subscription.ABORTED
        record = await session.update(record, self.writing(account, again=START))
        cloud.give_up(self.number)
        with pytest.raises(Rejected, match="-18019905"):
            await session.update(record, self.writing(account, again=START + HOUR))

    async def test_a_number_that_somebody_deleted_is_registered_when_it_is_asked_for(
        self, session: TargetSession, cloud: SeventeenTrack, account: TrackerAccount
    ) -> None:
        record = await session.create(self.writing(account))
        cloud.numbers.clear()
        await session.update(record, self.writing(account, ask_at=START))
        assert cloud.is_registered(self.number)

    async def test_each_of_its_codes_is_named_by_what_happens_next(
        self, session: TargetSession, cloud: SeventeenTrack, account: TrackerAccount
    ) -> None:
        named = {
            -18019908: (Retryable, "quota"),
            -18019907: (Retryable, "daily_limit"),
            -18010003: (Retryable, "server_error"),
            -18010004: (Retryable, "unauthorised"),
            -18019911: (Rejected, "rejected_18019911"),
        }
        replies = {code: Reply(body={"code": code, "data": {}}) for code in named}
        assert {code: await self.refusal(session, cloud, account, replies[code]) for code in named} == named

    def test_a_carrier_s_code_is_a_number(self, account: TrackerAccount) -> None:
        with pytest.raises(Rejected, match="190271") as caught:
            self.tracker.check(account.model_copy(update={"carriers": {"yuantong": "yto"}}))
        assert caught.value.path == "$.carriers.yuantong"

    async def test_a_probe_tells_that_no_quota_is_left(self, cloud: SeventeenTrack, account: TrackerAccount) -> None:
        cloud.quota = 0
        assert await self.missing(account, cloud.key) == ["no quota is left at 17TRACK: it registers nothing"]


class TestAfterShip(RegistrationSuite):
    tracker = TRACKERS["aftership"]
    cloud_type = AfterShip

    @pytest.fixture
    def account(self, cloud: AfterShip) -> TrackerAccount:
        return account_at(cloud, "aftership", "yto-express")

    async def test_one_that_exists_without_its_id_being_told_is_looked_for(
        self, session: TargetSession, cloud: AfterShip, account: TrackerAccount
    ) -> None:
        await session.create(self.writing(account))
        record = await session.create(self.writing(account))
        assert record.id == "t1"
        assert requests_of(cloud)[1:] == ["POST /tracking/2025-01/trackings", "GET /tracking/2025-01/trackings"]

    async def test_one_that_exists_and_is_not_found_is_tried_again(
        self, session: TargetSession, cloud: AfterShip, account: TrackerAccount
    ) -> None:
        exists = Reply(400, {"meta": {"code": 4003, "message": "Tracking already exists."}, "data": {}})
        cloud.instead = [exists, Reply(200, {"meta": {"code": 200}, "data": {"trackings": []}})]
        with pytest.raises(Retryable, match="not found"):
            await session.create(self.writing(account))

    async def test_an_expired_tracking_is_tracked_again_once(
        self, session: TargetSession, cloud: AfterShip, account: TrackerAccount
    ) -> None:
        record = await session.create(self.writing(account))
        cloud.give_up(self.number)
        record = await session.update(record, self.writing(account, again=START))
        cloud.give_up(self.number)
        with pytest.raises(Rejected, match="once"):
            await session.update(record, self.writing(account, again=START + HOUR))

    async def test_a_tracking_that_somebody_deleted_is_created_when_it_is_asked_for(
        self, session: TargetSession, cloud: AfterShip, account: TrackerAccount
    ) -> None:
        record = await session.create(self.writing(account))
        cloud.trackings.clear()
        await session.update(record, self.writing(account, ask_at=START))
        assert cloud.is_registered(self.number)

    async def test_an_account_that_keeps_its_customers_pages_deletes_nothing(
        self, cloud: AfterShip, account: TrackerAccount
    ) -> None:
        keeping = account.model_copy(update={"options": {"deletes": "false"}})
        async with self.tracker.target.open(keeping, cloud.key) as session:
            record = await session.create(self.writing(account))
            assert not (await session.close(record, self.writing(account))).is_open
        assert cloud.is_registered(self.number)

    async def test_an_answer_without_the_time_of_its_last_change_is_refused(
        self, session: TargetSession, cloud: AfterShip, account: TrackerAccount
    ) -> None:
        record = await session.create(self.writing(account))
        cloud.instead = [Reply(200, {"meta": {"code": 200}, "data": {"id": "t1"}})]
        with pytest.raises(Rejected, match="updated_at"):
            await session.update(record, self.writing(account, ask_at=START))

    async def test_a_probe_names_the_couriers_that_the_account_does_not_have(
        self, cloud: AfterShip, account: TrackerAccount
    ) -> None:
        assert await self.missing(account, cloud.key) == ["AfterShip offers this account no courier '999999'"]


class TestEasyPost(RegistrationSuite):
    tracker = TRACKERS["easypost"]
    cloud_type = EasyPost

    @pytest.fixture
    def account(self, cloud: EasyPost) -> TrackerAccount:
        return account_at(cloud, "easypost", "YTO")

    async def test_a_tracker_that_has_scans_tells_them_when_it_is_created(
        self, session: TargetSession, cloud: EasyPost, account: TrackerAccount
    ) -> None:
        cloud.scan(self.number)
        record = await session.create(self.writing(account))
        assert [status for _, status in self.statuses(self.read(account, record.heard))] == ["in_transit"]

    async def test_a_tracker_that_somebody_deleted_is_created_when_it_is_asked_for(
        self, session: TargetSession, cloud: EasyPost, account: TrackerAccount
    ) -> None:
        record = await session.create(self.writing(account))
        cloud.give_up(self.number)
        cloud.scan(self.number)
        asked = await session.update(record, self.writing(account, ask_at=START))
        assert cloud.is_registered(self.number)
        assert len(asked.heard) == 1

    async def test_after_three_months_the_same_number_is_another_parcel_s(
        self, session: TargetSession, cloud: EasyPost, account: TrackerAccount
    ) -> None:
        first = await session.create(self.writing(account))
        cloud.later(timedelta(days=92))
        assert (await session.create(self.writing(account))).id != first.id

    async def test_a_probe_tells_that_every_webhook_is_disabled(self, cloud: EasyPost, account: TrackerAccount) -> None:
        cloud.disabled_at = "2026-03-01T00:00:00Z"
        assert await self.missing(account, cloud.key) == [
            "EasyPost has no webhook of this account that is not disabled: it pushes nothing"
        ]
