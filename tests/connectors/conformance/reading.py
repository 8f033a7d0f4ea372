"""What comes broken: malformed, truncated, empty, in another encoding or content type, and nearly right."""

from contextlib import suppress
from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import Rejected
from contracts.model import read
from contracts.signature import Sent
from tests.connectors.conformance.answers import NOT_A_PAYLOAD
from tests.connectors.conformance.neighbours import NEIGHBOURS, changed
from tests.connectors.conformance.suite import Suite

CUTS = 40
"""In how many places a payload is cut off."""


class ReadingConformance(Suite):
    """A mistake is Rejected with its path, and nothing else is ever raised."""

    @pytest.mark.parametrize("payload", NOT_A_PAYLOAD)
    def test_a_payload_that_is_not_the_sender_s_is_rejected(self, payload: bytes) -> None:
        for sent in (Sent(payload), self.sent(payload)):
            with pytest.raises(Rejected):
                self.source.to_events(self.source.read(self.request(sent)), self.context())

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
    def test_a_payload_in_another_encoding_is_rejected(self, encoding: str) -> None:
        with pytest.raises(Rejected):
            self.map(self.payload.decode().encode(encoding))

    def test_a_truncated_payload_is_rejected_wherever_it_ends(self) -> None:
        whole = self.payload.strip()
        for length in range(0, len(whole), max(1, len(whole) // CUTS)):
            with pytest.raises(Rejected):
                self.map(whole[:length])

    @pytest.mark.parametrize("content_type", ["", "text/plain", "application/json; charset=utf-8", "image/png"])
    def test_another_content_type_is_refused_or_changes_nothing(self, content_type: str) -> None:
        request = self.request(self.sent(self.payload)._replace(content_type=content_type))
        with suppress(Rejected):
            assert self.source.to_events(self.source.read(request), self.context()) == self.map(self.payload)

    @pytest.mark.slow
    @NEIGHBOURS
    @given(data=st.data())
    def test_what_resembles_a_payload_is_mapped_or_rejected_and_nothing_else(self, data: st.DataObject) -> None:
        payload = data.draw(st.sampled_from(list(self.payloads.values())))
        value = deepcopy(self.read(payload))
        for _ in range(data.draw(st.integers(1, 3))):
            value = changed(value, data)
        mapped, path = self.map_or_reject(value)
        assert path.startswith("$")
        for event in mapped.events:
            assert read(type(event), event.encode()) == event

    @pytest.mark.slow
    @NEIGHBOURS
    @given(data=st.data())
    def test_what_resembles_a_body_is_read_or_rejected_and_nothing_else(self, data: st.DataObject) -> None:
        sent = self.sent(data.draw(st.sampled_from(list(self.payloads.values()))))
        at = data.draw(st.integers(0, len(sent.body)))
        until = data.draw(st.integers(at, len(sent.body)))
        broken = sent.body[:at] + data.draw(st.binary(max_size=8)) + sent.body[until:]
        request = self.request(sent._replace(body=broken))
        with suppress(Rejected):
            self.source.verify(request, [self.old_and_new[1].verify])
        with suppress(Rejected):
            self.map_or_reject(self.source.read(request))
        assert self.source.acknowledgement(request, self.context()).status == self.declared.accepted.status
