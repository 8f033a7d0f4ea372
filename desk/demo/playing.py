"""Playing the day: each push is posted when its time has come, again where it was not acknowledged."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

import httpx

from contracts.clock import WallClock
from contracts.errors import Fatal
from desk.demo.pushes import Push

AGAIN_SECONDS = 0.2
PATIENCE_SECONDS = 20.0


class Sender(NamedTuple):
    """How pushes of one sort are sent. is_acknowledged: whether a success is the acknowledgement that ends it."""

    url: str
    headers: Mapping[str, str]
    is_acknowledged: Callable[[httpx.Response], bool]


async def until(clock: WallClock, at: datetime) -> None:
    """Wait until the clock shows `at`."""
    await asyncio.sleep(max(0.0, clock.real_seconds(at - clock.now())))


async def play(
    pushes: Iterable[Push],
    senders: Mapping[str, Sender],
    salt: str,
    clock: WallClock,
    sent: Callable[[Push], None],
) -> None:
    """Post the pushes, one after another; `sent` is told of each that was acknowledged.

    Raises Fatal where one is not acknowledged for long.
    """
    async with httpx.AsyncClient(timeout=5.0, trust_env=False) as client:
        for push in pushes:
            await until(clock, push.at)
            await _post(client, senders[push.by], push, salt)
            sent(push)


async def _post(client: httpx.AsyncClient, sender: Sender, push: Push, salt: str) -> None:
    """Do as senders do, which take anything but their own acknowledgement as a failure; sooner, though."""
    reason = "nobody answered"
    loop = asyncio.get_running_loop()
    give_up = loop.time() + PATIENCE_SECONDS
    while loop.time() < give_up:
        try:
            answer = await client.post(sender.url, content=push.body(salt), headers=sender.headers)
        except httpx.TransportError as error:
            reason = type(error).__name__
        else:
            if answer.is_success and sender.is_acknowledged(answer):
                return
            reason = f"{answer.status_code} {answer.text[:200]}"
        await asyncio.sleep(AGAIN_SECONDS)
    raise Fatal(f"the push {push.id} was not acknowledged within {PATIENCE_SECONDS:g} s: {reason}", code="push_refused")
