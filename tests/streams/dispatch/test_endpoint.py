"""No call goes before its turn, and a target that fails for everybody is left alone."""

import asyncio
from datetime import datetime, timedelta

import pytest

from connectors.targets.turns import take_turn
from contracts.errors import Rejected, Retryable
from streams.dispatch.breaker import OPENS_AFTER, SHORTEST
from streams.dispatch.endpoint import Endpoint
from tests.streams.dispatch.fake_target import FakeTarget
from tests.streams.dispatch.samples import START


class Clock:
    """Real time that a test moves."""

    def __init__(self) -> None:
        self.shows = START

    def __call__(self) -> datetime:
        return self.shows


class Turns:
    """Gives out turns that are so many seconds away."""

    def __init__(self, *seconds: float) -> None:
        self.left = list(seconds)
        self.taken = 0

    async def take(self, now: datetime) -> datetime:
        self.taken += 1
        return now + timedelta(seconds=self.left.pop(0))


async def answer() -> str:
    return "yes"


async def fail(code: str = "unreachable", after: timedelta | None = None) -> None:
    raise Retryable("away", code=code, retry_after=after)


async def refuse() -> None:
    raise Rejected("no", code="http_400")


async def failing(endpoint: Endpoint, times: int = OPENS_AFTER, code: str = "unreachable") -> None:
    for number in range(times):
        with pytest.raises(Retryable):
            await endpoint.ask(fail(code), about=f"record {number}")


class TestTurns:
    async def test_each_request_of_a_call_takes_a_turn_and_waits_for_it(self) -> None:
        turns = Turns(0.0, 0.02)
        endpoint = Endpoint(FakeTarget(), Clock(), turns)

        async def two_requests() -> float:
            began = asyncio.get_running_loop().time()
            await take_turn()
            await take_turn()
            return asyncio.get_running_loop().time() - began

        assert await endpoint.ask(two_requests()) >= 0.02
        assert turns.taken == 2

    async def test_waiting_for_a_turn_is_no_part_of_the_time_that_a_call_may_take(self) -> None:
        endpoint = Endpoint(FakeTarget(), Clock(), Turns(0.05))

        async def call() -> str:
            await take_turn()
            return "in time"

        assert await endpoint.ask(call(), longest=0.03) == "in time"

    async def test_a_call_that_takes_too_long_after_its_turn_is_ended(self) -> None:
        endpoint = Endpoint(FakeTarget(), Clock(), Turns(0.0))

        async def call() -> None:
            await take_turn()
            await asyncio.Event().wait()

        with pytest.raises(Retryable, match="no answer within"):
            await endpoint.ask(call(), longest=0.01)

    async def test_outside_of_any_target_a_call_goes_at_once(self) -> None:
        await asyncio.wait_for(take_turn(), 1)


class TestBreaker:
    async def test_a_target_that_fails_for_everybody_is_left_alone_until_its_pause_is_over(self) -> None:
        clock = Clock()
        endpoint = Endpoint(FakeTarget(), clock)
        await failing(endpoint)
        assert endpoint.is_resting()
        clock.shows += SHORTEST
        assert not endpoint.is_resting()
        assert endpoint.is_on_trial
        await endpoint.ask(answer())
        assert not endpoint.is_on_trial

    async def test_a_refusal_is_an_answer(self) -> None:
        endpoint = Endpoint(FakeTarget(), Clock())
        await failing(endpoint, OPENS_AFTER - 1)
        with pytest.raises(Rejected):
            await endpoint.ask(refuse())
        await failing(endpoint, OPENS_AFTER - 1)
        assert not endpoint.is_on_trial

    @pytest.mark.parametrize("code", ["conflict", "changed", "recipient_deferred"])
    async def test_what_is_in_the_way_of_one_record_says_nothing_of_the_target(self, code: str) -> None:
        endpoint = Endpoint(FakeTarget(), Clock())
        await failing(endpoint, 10 * OPENS_AFTER, code)
        assert not endpoint.is_on_trial

    async def test_what_the_target_asked_us_to_wait_is_waited(self) -> None:
        clock = Clock()
        endpoint = Endpoint(FakeTarget(), clock)
        with pytest.raises(Retryable):
            await endpoint.ask(fail("too_many_requests", timedelta(seconds=30)))
        assert endpoint.is_resting()
        assert not endpoint.is_on_trial
        clock.shows += timedelta(seconds=30)
        assert not endpoint.is_resting()
