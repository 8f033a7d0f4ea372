"""Playing the day: each push goes when its time has come, and is posted again where it was not acknowledged."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

import httpx

from contracts.clock import WallClock
from contracts.errors import Fatal
from contracts.signature import Sent
from desk.demo.pushes import Push

AGAIN_SECONDS = 0.2
PATIENCE_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Letter:
    """A push on its way: where to, and as it was signed."""

    push: Push
    url: str
    sent: Sent


async def until(clock: WallClock, at: datetime) -> None:
    """Wait until the clock shows `at`."""
    await asyncio.sleep(max(0.0, clock.real_seconds(at - clock.now())))


async def play(pushes: Iterable[Push], clock: WallClock, send: Callable[[Push], None]) -> None:
    """Give each push to its sender when it is due."""
    for push in pushes:
        await until(clock, push.at)
        send(push)


async def deliver(outbox: "asyncio.Queue[Letter]", acknowledged: Callable[[Push], None]) -> None:
    """Post what is in the outbox, one after another, for as long as it is awaited; tell of each that was acknowledged.

    Raises Fatal where one is not acknowledged for long.
    """
    async with httpx.AsyncClient(timeout=5.0, trust_env=False) as client:
        while True:
            letter = await outbox.get()
            await _post(client, letter)
            acknowledged(letter.push)
            outbox.task_done()


async def _post(client: httpx.AsyncClient, letter: Letter) -> None:
    """Do as senders do, which take anything but their own acknowledgement as a failure; sooner, though."""
    reason = "nobody answered"
    headers = {"content-type": letter.sent.content_type, **letter.sent.headers}
    loop = asyncio.get_running_loop()
    give_up = loop.time() + PATIENCE_SECONDS
    while loop.time() < give_up:
        try:
            answer = await client.post(letter.url, content=letter.sent.body, headers=headers)
        except httpx.TransportError as error:
            reason = type(error).__name__
        else:
            if answer.is_success and _is_acknowledged(letter.push, answer):
                return
            reason = f"{answer.status_code} {answer.text[:200]}"
        await asyncio.sleep(AGAIN_SECONDS)
    told = f"the push {letter.push.id} was not acknowledged within {PATIENCE_SECONDS:g} s: {reason}"
    raise Fatal(told, code="push_refused")


def _is_acknowledged(push: Push, answer: httpx.Response) -> bool:
    """Kuaidi100 takes no success but its own return code for one; to the others any will do."""
    return push.by != "kuaidi100" or answer.json().get("returnCode") == "200"
