"""SF Express: the suite of every source, and what is its own: the same routes as XML in a form."""

from urllib.parse import urlencode

import pytest

from connectors.sources.sf_express import SF_EXPRESS
from contracts.errors import Rejected
from contracts.raw import RawRequest
from contracts.signature import Sent
from tests.connectors.source_conformance import SourceConformance

JSON = """{"Body": {"WaybillRoute": [
  {"id": "1", "mailno": "SF1", "acceptTime": "2026-03-02 17:42:10", "remark": "已收取 & 称重", "opCode": "50"},
  {"id": "2", "mailno": "SF2", "acceptTime": "2026-03-02 17:43:00", "opCode": "70", "reasonCode": "1"}]}}"""
XML = """<?xml version='1.0' encoding='UTF-8'?><Request service="RoutePushService" lang="zh-CN"><Body>
  <WaybillRoute id="1" mailno="SF1" acceptTime="2026-03-02 17:42:10" remark="已收取 &amp; 称重" opCode="50"/>
  <WaybillRoute id="2" mailno="SF2" acceptTime="2026-03-02 17:43:00" opCode="70" reasonCode="1"/></Body></Request>"""
BOMB = '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><Request><Body>&b;</Body></Request>'
A_FILE = '<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/hostname">]><Request><Body>&a;</Body></Request>'


class TestSfExpress(SourceConformance):
    source = SF_EXPRESS


def form(xml: str) -> RawRequest:
    return TestSfExpress().request(Sent(urlencode({"content": xml}).encode()))


def test_routes_mean_the_same_as_xml_and_as_json() -> None:
    suite = TestSfExpress()
    assert SF_EXPRESS.to_events(SF_EXPRESS.read(form(XML)), suite.context()) == suite.map(JSON.encode())


def test_xml_is_acknowledged_in_xml() -> None:
    reply = SF_EXPRESS.acknowledgement(form(XML), TestSfExpress().context())
    assert (reply.status, reply.content_type) == (200, "text/xml")
    assert reply.body == (
        b'<?xml version="1.0" encoding="UTF-8"?><Response service="RoutePushService"><Head>OK</Head></Response>'
    )


@pytest.mark.parametrize("xml", [BOMB, A_FILE])
def test_a_document_type_is_refused_whatever_it_declares(xml: str) -> None:
    with pytest.raises(Rejected, match="document type"):
        SF_EXPRESS.read(form(xml))


@pytest.mark.parametrize("xml", ["", "<Request>", "<Response/>", "<Request/>", "<Request><Body/></Request>", "{}"])
def test_xml_that_has_no_routes_is_refused(xml: str) -> None:
    with pytest.raises(Rejected):
        SF_EXPRESS.to_events(SF_EXPRESS.read(form(xml)), TestSfExpress().context())


def test_xml_is_utf_8_whatever_it_declares() -> None:
    declared = XML.replace("UTF-8", "GBK")
    assert SF_EXPRESS.read(form(declared)) == SF_EXPRESS.read(form(XML))
    with pytest.raises(Rejected, match="UTF-8"):
        SF_EXPRESS.read(TestSfExpress().request(Sent(urlencode({"content": declared.encode("gbk")}).encode())))
