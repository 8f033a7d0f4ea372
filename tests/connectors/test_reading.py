"""From the bytes of a request to what stands in it."""

from urllib.parse import quote_from_bytes, quote_plus, unquote_to_bytes, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.reading import form_field, percent_decoded
from contracts.errors import Rejected

PIECES = [b"%", b"=", b"%E4", b"%3d", b"%0A", b"\n", b"\r\n", b" \n", b"_", b"a", b"=\n", b"%%"]
escaped = st.lists(st.sampled_from(PIECES))


@given(escaped.map(b"".join) | st.binary(max_size=60))
def test_percent_encoding_is_decoded_as_the_standard_library_does(text: bytes) -> None:
    assert percent_decoded(text) == unquote_to_bytes(text)


@given(st.binary(max_size=60))
def test_what_was_encoded_is_decoded(text: bytes) -> None:
    assert percent_decoded(quote_from_bytes(text, safe="").encode()) == text


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_form_s_field_is_what_its_sender_wrote(first: str, second: str) -> None:
    body = urlencode({"param": first, "other": second}, quote_via=quote_plus, errors="replace").encode()
    assert form_field(body, "param") == first.encode(errors="replace")


@pytest.mark.parametrize("body", [b"", b"other=1", b"param=1&param=1", b"params=1"])
def test_a_field_that_is_not_there_exactly_once_is_rejected(body: bytes) -> None:
    with pytest.raises(Rejected, match="expected one form field 'param'"):
        form_field(body, "param")
