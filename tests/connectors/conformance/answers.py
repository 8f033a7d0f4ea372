"""What the sender is answered, byte for byte, through the real ingress; and what the record says of itself."""

from datetime import date

import httpx
import pytest

from connectors.ingress.accounts import Door, Doors
from connectors.ingress.intake import ingress_app
from connectors.registry import SOURCES
from contracts.clock import WallClock
from contracts.connector import Reply
from contracts.envelope import Event, Origin
from contracts.errors import Rejected
from contracts.raw import RawRequest
from contracts.signature import Proof, Sent
from contracts.topics import BODY_LIMIT
from tests.connectors.conformance.declaration import Answered
from tests.connectors.conformance.samples import lines, reviewed_of
from tests.connectors.conformance.suite import NOW, Suite
from tests.connectors.ingress.memory import Memory

NOT_A_PAYLOAD = [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"null", b"[]", b"3", b'{"a":NaN}', b'"\\ud800"', b"{}"]
REASON = "it's “wrong”"


class AnswerConformance(Suite):
    """Answers and the record."""

    def test_the_record_is_listed_and_names_its_pages_and_the_day_they_were_read(self) -> None:
        assert SOURCES.get(self.source.name) is self.source, "connectors/registry.py does not list it"
        assert self.source.documentation, "documentation: the vendor's pages"
        assert all(page.startswith("https://") for page in self.source.documentation)
        assert date(2026, 1, 1) < self.source.read_on

    def test_options_that_it_knows_are_taken_and_others_refused_by_name(self) -> None:
        self.source.check(self.account())
        with pytest.raises(Rejected, match="`colour`"):
            self.source.check(self.account(colour="red"))

    async def test_what_is_signed_is_stored_answered_as_expected_and_means_what_was_reviewed(
        self,
    ) -> None:
        """Byte for byte; and the headers that are kept suffice to read it later."""
        durable = Memory(WallClock(NOW, 0.0, 0.0))
        answer = await self._post(durable, self.sent(self.payload))
        assert _told(answer) == self.declared.accepted
        (key, value, headers, _) = durable.records[0]
        stored = RawRequest.read(Event(key or b"", value, Origin("inbound", 0, 0), headers))
        mapped = self.source.to_events(self.source.read(stored), self.context())
        assert "".join(lines(mapped)) == reviewed_of(self.source.name)[next(iter(self.payloads))]

    async def test_what_is_not_signed_is_refused_in_the_sender_s_form_and_not_stored(self) -> None:
        if self.source.verify.proves is Proof.NOTHING:
            return
        durable = Memory(WallClock(NOW, 0.0, 0.0))
        answer = await self._post(durable, self.source.verify.carry(self.payload))
        assert (answer.status_code, durable.records) == (401, [])
        assert answer.headers["content-type"] == self.declared.refused.content_type

    async def test_what_is_too_large_is_refused_before_it_is_read(self) -> None:
        durable = Memory(WallClock(NOW, 0.0, 0.0))
        sent = self.sent(self.payload)
        answer = await self._post(durable, sent, {"content-length": str(BODY_LIMIT + 1)})
        assert (answer.status_code, durable.records) == (413, [])

    def test_a_refusal_is_in_the_sender_s_form_and_carries_its_reason(self) -> None:
        declared = self.declared.refused
        assert "REASON" in declared.body, "[refused]: in its body, REASON stands where the reason does"
        reply = self.source.refuse("REASON", declared.status)
        assert Answered(status=reply.status, content_type=reply.content_type, body=reply.body.decode()) == declared
        assert self.source.refuse(REASON, 413).status in {413, declared.status}

    @pytest.mark.parametrize("body", NOT_A_PAYLOAD)
    def test_whatever_was_stored_is_acknowledged(self, body: bytes) -> None:
        reply = self.source.acknowledgement(self.request(Sent(body)), self.context())
        assert isinstance(reply, Reply)
        assert reply.status == self.declared.accepted.status

    async def _post(self, durable: Memory, sent: Sent, more: dict[str, str] | None = None) -> httpx.Response:
        unsigned = self.source.verify.proves is Proof.NOTHING
        secrets = () if unsigned else tuple(key.verify for key in self.old_and_new)
        door = Door(self.source, "shop", secrets, "", self.declared.zone, self.declared.options)
        transport = httpx.ASGITransport(ingress_app(Doors([door]), durable, {}))
        given = {"content-type": sent.content_type, **sent.headers, **(more or {})}
        headers = [(name.encode(), value.encode("latin-1")) for name, value in given.items()]
        async with httpx.AsyncClient(transport=transport, base_url="http://ingress") as http:
            return await http.post(f"/in/{self.source.name}/shop", content=sent.body, headers=headers)


def _told(answer: httpx.Response) -> Answered:
    content_type = answer.headers.get("content-type", "application/json")
    return Answered(status=answer.status_code, content_type=content_type, body=answer.content.decode())
