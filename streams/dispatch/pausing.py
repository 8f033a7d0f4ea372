"""Waiting that ends early: at an event, or when the process is to stop."""

import asyncio


async def pause(seconds: float | None, *events: asyncio.Event) -> None:
    """Wait until one of `events` is set, at most `seconds`; None has no limit."""
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
