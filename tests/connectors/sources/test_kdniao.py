"""Kdniao: the suite of every source, and what is its own."""

from connectors.sources.kdniao import KDNIAO
from contracts.signature import Sent
from tests.connectors.source_conformance import SourceConformance


class TestKdniao(SourceConformance):
    source = KDNIAO


def test_the_signature_is_the_base64_of_the_digits_of_the_md5_of_data_and_key() -> None:
    # printf '%s' "$(printf '{"Data":[]}key' | md5sum | cut -c1-32)" | base64
    body = b"RequestData=%7B%22Data%22%3A%5B%5D%7D&RequestType=102&DataSign=SIGN"
    sign = b"ZGIwYWY0YzE1ZDE2MjZkYWNmZGQ5ZjA0MTU3YTU2MTk%3D"
    KDNIAO.verify(TestKdniao().request(Sent(body.replace(b"SIGN", sign))), ("key",))
