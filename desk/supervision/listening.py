"""When everything that was started is ready, and where it listens."""

import asyncio
from collections.abc import Callable, Mapping

import httpx

from contracts.settings import Listen

ASK_EVERY_SECONDS = 0.25
PATIENCE_SECONDS = 60.0


def url(listen: Listen) -> str:
    """Give the address at which this machine reaches what listens there."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(listen.host, listen.host)  # noqa: S104 read, not bound
    return f"http://[{host}]:{listen.port}" if ":" in host else f"http://{host}:{listen.port}"


async def wait_until_ready(
    roles: Mapping[str, Listen], tell: Callable[[str, str], None], patience: float = PATIENCE_SECONDS
) -> None:
    """Wait until each role's `/readyz` says so; one that takes longer than `patience` is told why, once."""
    async with httpx.AsyncClient(timeout=5.0, trust_env=False) as client:
        await asyncio.gather(*(_ready(client, role, url(listen), tell, patience) for role, listen in roles.items()))


async def _ready(
    client: httpx.AsyncClient, role: str, address: str, tell: Callable[[str, str], None], patience: float
) -> None:
    loop = asyncio.get_running_loop()
    until = loop.time() + patience
    told = False
    while (reason := await _reason(client, address)) is not None:
        if loop.time() > until and not told:
            told = True
            tell(role, f"is not ready yet: {reason}")
        await asyncio.sleep(ASK_EVERY_SECONDS)


async def _reason(client: httpx.AsyncClient, address: str) -> str | None:
    """Say why a role is not ready; None when it is."""
    try:
        answer = await client.get(f"{address}/readyz")
    except httpx.TransportError as error:
        return f"{address} does not answer ({type(error).__name__})"
    return None if answer.is_success else answer.text
