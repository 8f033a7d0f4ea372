"""Kuaidi100: the suite of every source, and what is its own."""

from urllib.parse import urlencode

import pytest

from connectors.sources.kuaidi100 import KUAIDI100
from contracts.connector import Reply
from contracts.errors import Rejected
from contracts.signature import Sent
from tests.connectors.carrier_conformance import CarrierConformance, SigningCarrier
from tests.connectors.source_conformance import NOW, Json


def one_scan(code: str) -> Json:
    row = {"ftime": "2026-03-02 09:05:40", "context": "…", "statusCode": code}
    return {"status": "polling", "lastResult": {"nu": "YT1", "com": "yuantong", "data": [row]}}


def sign(payload: bytes, secret: str) -> Sent:
    return KUAIDI100.verify.sign(payload, secret, NOW)


def unsigned(payload: bytes) -> Sent:
    return Sent(urlencode({"param": payload}).encode())


def forge(signed: Sent, payload: bytes) -> Sent:
    return Sent(urlencode({"param": payload, "sign": signed.body.partition(b"&sign=")[2]}).encode())


class TestKuaidi100(CarrierConformance):
    source = KUAIDI100
    sender = SigningCarrier(
        sign=sign,
        unsigned=unsigned,
        forge=forge,
        with_code=one_scan,
        rows=lambda payload: payload["lastResult"]["data"],
    )


def test_the_signature_is_the_upper_case_md5_of_param_and_salt() -> None:
    # printf '{"status":"polling"}salt' | md5sum
    body = b"param=%7B%22status%22%3A%22polling%22%7D&sign=SIGN"
    conformance = TestKuaidi100()
    KUAIDI100.verify(conformance.request(Sent(body.replace(b"SIGN", b"E3A53447F84B9D616FB644F645B4F524"))), ("salt",))


def test_the_acknowledgement_is_what_the_vendor_documents_byte_for_byte() -> None:
    reply = KUAIDI100.acknowledge
    assert isinstance(reply, Reply)
    assert (reply.status, reply.content_type) == (200, "application/json")
    assert reply.body == '{"result":true,"returnCode":"200","message":"成功"}'.encode()


def test_the_refusal_is_in_the_vendor_s_form() -> None:
    assert KUAIDI100.refuse("no", 401).body == b'{"result":false,"returnCode":"500","message":"no"}'


@pytest.mark.parametrize("body", [b"param={}&param={}&sign=x", b"sign=x", b"data={}"])
def test_the_field_param_is_there_exactly_once(body: bytes) -> None:
    with pytest.raises(Rejected, match="param"):
        KUAIDI100.read(TestKuaidi100().request(Sent(body)))
