"""What `quayside check --live` asks a target: for those that can tell without writing."""

import re
import socket

import pytest

from contracts.errors import QuaysideError, Retryable
from tests.connectors.conformance.clauses import leave_out
from tests.connectors.conformance.target_suite import System, TargetSuite, clause
from tests.connectors.misbehaving import Misbehaving


class ProbingConformance(TargetSuite):
    """What stands against an account is told, and nothing is written."""

    def __init_subclass__(cls) -> None:
        """Leave out the tests where the record offers no probe, or where no secret is refused."""
        super().__init_subclass__()
        if (target := getattr(cls, "target", None)) and target.probe is None:
            leave_out(cls, {"probe": "not offered", "probed_secret": "not offered"})

    @clause("probe")
    async def test_of_an_account_that_writes_nothing_is_missing(self, system: System) -> None:
        assert list(await self.probed(system, system.account.url, system.secret)) == []

    @clause("probe")
    async def test_a_probe_only_reads(self, system: System, proxy: Misbehaving) -> None:
        await self.probed(system, self.through(system, proxy), system.secret)
        writes = (self.creates, *self.updates, self.closes)
        assert [request for request in proxy.seen if any(_is(*request, write) for write in writes)] == []

    @clause("probed_secret")
    async def test_a_probe_tells_that_the_secret_is_refused(self, system: System) -> None:
        with pytest.raises(QuaysideError) as caught:
            await self.probed(system, system.account.url, system.wrong_secret)
        assert caught.value.code in {"unauthorised", "forbidden"}

    @clause("probe")
    async def test_a_probe_tells_that_the_system_is_away(self, system: System) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            with pytest.raises(Retryable):
                await self.probed(system, f"http://127.0.0.1:{taken.getsockname()[1]}", system.secret)

    async def probed(self, system: System, url: str, secret: str) -> list[str]:
        assert self.target.probe is not None
        account = system.account.model_copy(update={"url": url})
        return list(await self.target.probe(account, secret))


def _is(method: str, path: str, request: str) -> bool:
    """Whether a request is one of those that `METHOD PATTERN` means."""
    named, _, pattern = request.partition(" ")
    return method == named and re.search(pattern, path) is not None
