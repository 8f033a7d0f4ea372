"""Kuaidi100: the suite of every source, and what is its own."""

import pytest

from connectors.sources.kuaidi100 import KUAIDI100
from contracts.errors import Rejected
from contracts.signature import Sent
from tests.connectors.source_conformance import SourceConformance


class TestKuaidi100(SourceConformance):
    source = KUAIDI100


def test_the_signature_is_the_upper_case_md5_of_param_and_salt() -> None:
    # printf '{"status":"polling"}salt' | md5sum
    body = b"param=%7B%22status%22%3A%22polling%22%7D&sign=SIGN"
    conformance = TestKuaidi100()
    KUAIDI100.verify(conformance.request(Sent(body.replace(b"SIGN", b"E3A53447F84B9D616FB644F645B4F524"))), ("salt",))


@pytest.mark.parametrize("body", [b"param={}&param={}&sign=x", b"sign=x", b"data={}"])
def test_the_field_param_is_there_exactly_once(body: bytes) -> None:
    with pytest.raises(Rejected, match="param"):
        KUAIDI100.read(TestKuaidi100().request(Sent(body)))
