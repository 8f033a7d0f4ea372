"""UPS Track Alert against a cloud that behaves as its pages say."""

import json
from datetime import timedelta

import pytest

from connectors.registry import TRACKERS
from contracts.connector import TargetSession
from contracts.errors import Rejected, Retryable
from contracts.settings import SecretFrom, TrackerAccount
from tests.connectors.trackers.registration_suite import HOUR, START, RegistrationSuite, account_at, body
from tests.fakes.serving import Reply
from tests.fakes.ups import Ups


class TestUps(RegistrationSuite):
    tracker = TRACKERS["ups"]
    cloud_type = Ups
    number = "1Z2220060294314162"
    carrier = "*"
    wrong_number = "1Z222"
    can_end = False
    takes_any_carrier = True

    @pytest.fixture
    def account(self, cloud: Ups, monkeypatch: pytest.MonkeyPatch) -> TrackerAccount:
        monkeypatch.setenv("CREDENTIAL", "what UPS shows us")
        credential = SecretFrom(env="CREDENTIAL")
        return account_at(cloud, "ups", "", options={"client_id": cloud.client_id}, push_secret=credential)

    async def test_a_subscription_ends_after_fourteen_days_unless_it_is_renewed(
        self, session: TargetSession, cloud: Ups, account: TrackerAccount
    ) -> None:
        record = await session.create(self.writing(account, until=START + timedelta(days=13)))
        cloud.later(timedelta(days=13))
        record = await session.update(record, self.writing(account, until=START + timedelta(days=26)))
        cloud.later(timedelta(days=13))
        assert cloud.is_registered(self.number)
        cloud.later(timedelta(days=1))
        cloud.scan(self.number)
        assert cloud.pushed() == []
        assert self.tracker.renew_after is not None
        assert self.tracker.renew_after < timedelta(days=14)

    async def test_what_happened_before_the_subscription_is_read_from_the_history(
        self, session: TargetSession, cloud: Ups, account: TrackerAccount
    ) -> None:
        cloud.scan(self.number)
        cloud.later(HOUR)
        cloud.scan(self.number)
        record = await session.create(self.writing(account))
        assert [one["gmtActivityTime"] for one in body(record)] == ["080000", "090000"]  # type: ignore[index]

    async def test_an_event_of_the_history_reads_like_the_one_that_was_pushed(
        self, session: TargetSession, cloud: Ups, account: TrackerAccount
    ) -> None:
        record = await session.create(self.writing(account))
        cloud.scan(self.number)
        [pushed] = cloud.pushed()
        asked = await session.update(record, self.writing(account, ask_at=START))
        differing = {"gmtOffset"}
        [event], told = body(asked), json.loads(pushed.body)
        assert isinstance(event, dict)
        assert {name: event[name] for name in event.keys() - differing} == {
            name: told[name] for name in told.keys() - differing
        }
        assert pushed.headers["credential"] == "what UPS shows us"

    async def test_a_token_that_ended_early_is_fetched_anew_once(
        self, session: TargetSession, cloud: Ups, account: TrackerAccount
    ) -> None:
        record = await session.create(self.writing(account))
        cloud.later(timedelta(hours=5))
        await session.update(record, self.writing(account, ask_at=START))
        assert len(cloud.tokens) == 2
        cloud.instead = [Reply(401), Reply(200, {"access_token": "t", "expires_in": "1"}), Reply(401)]
        with pytest.raises(Retryable) as caught:
            await session.update(record, self.writing(account, ask_at=START + HOUR))
        assert caught.value.code == "unauthorised"

    async def test_an_account_must_say_what_proves_its_events(self, account: TrackerAccount) -> None:
        with pytest.raises(Rejected, match="push_secret"):
            self.tracker.check(account.model_copy(update={"push_secret": None}))
        with pytest.raises(Rejected, match="callback"):
            self.tracker.check(account.model_copy(update={"callback": "quayside.example"}))
