"""SAP sends IDocs in XML: by its XML HTTP port, or as files of its XML file port, of one IDoc or many.

A port of type XML HTTP posts to an RFC destination of type G, which signs on by user and password (basic
authentication); no signature is documented, and what is posted twice is a duplicate. No page states a body that the
port expects: a success is the status 2xx. A file is cut into a request for each of its IDocs.

Account: zone: the SAP system's, in which control records are dated; options: `mappings.erp.sap_idoc`.
"""

from dataclasses import replace
from datetime import date
from xml.etree.ElementTree import Element, tostring

from connectors.acknowledgements import json_refusal, json_reply
from connectors.reading_xml import decode_xml
from connectors.signatures import body_of
from connectors.signatures_basic import basic
from contracts.connector import Context, Cut, Source
from contracts.errors import Rejected
from contracts.raw import RawRequest
from mappings.erp import sap_idoc

XML = "application/xml"
DEEPEST = 12
"""How deep segments may lie in one another; SAP's basic types need half of that."""


def read(request: RawRequest) -> object:
    """Read a file of IDocs: each segment an object, in a list by its name; raises Rejected where it is none."""
    return {"IDOC": [_segment(idoc, 1) for idoc in _idocs(decode_xml(request.body, "$"))]}


def cut(request: RawRequest, context: Context) -> Cut:
    """Make a request of each IDoc in a file; of one with a mistake in any, nothing is left."""
    root = decode_xml(request.body, "$")
    parts, mistakes = [], []
    for idoc in _idocs(root):
        whole = Element(root.tag)
        whole.append(idoc)
        part = replace(request, body=tostring(whole, encoding="utf-8"), content_type=XML)
        try:
            sap_idoc.to_events(read(part), context)
        except Rejected as error:
            number = idoc.findtext("EDI_DC40/DOCNUM", default="without a number").strip()
            mistakes.append(f"IDoc {number}: {error}")
        parts.append(part)
    return Cut((), tuple(mistakes)) if mistakes else Cut(tuple(parts))


def _idocs(root: Element) -> list[Element]:
    found = [root] if root.tag == "IDOC" else root.findall("IDOC")
    if not found:
        raise Rejected(f"found <{root.tag[:80]}> without <IDOC>; expected IDocs in XML", code="invalid", path="$")
    return found


def _segment(element: Element, depth: int) -> dict[str, object]:
    """Make an object of a segment: what has segments or says that it is one is one, the rest are fields."""
    if depth > DEEPEST:
        raise Rejected("found segments nested too deeply", code="bad_xml", path="$")
    found: dict[str, object] = {}
    for child in element:
        if len(child) or "SEGMENT" in child.attrib:
            inner = found.setdefault(child.tag, [])
            if not isinstance(inner, list):
                raise Rejected(f"found {child.tag[:80]} as a field and as a segment", code="bad_xml", path="$")
            inner.append(_segment(child, depth + 1))
        elif child.tag in found:
            raise Rejected(f"found the field {child.tag[:80]} twice in one segment", code="bad_xml", path="$")
        else:
            found[child.tag] = child.text or ""
    return found


SAP_IDOC = Source(
    name="sap-idoc",
    title="SAP IDocs in XML: ORDERS05 and DELVRY07",
    documentation=(
        "https://help.sap.com/saphelp_46c/helpdata/en/1a/0e3435539911d1898b0000e8322d00/content.htm",
        "https://opus.tracelink.com/documentation/2024.6/en-US/api/prod-tracking-po/purchase_order_confirmation/purchase_order_confirmation_idoc-guidelines.htm",
        "https://opus.tracelink.com/documentation/2024.6/en-US/api/prod-delivery-tracking/shipment_notification/shipment_notification_idoc_delvry03-guidelines.htm",
        "https://www.rfc-editor.org/rfc/rfc7617",
    ),
    read_on=date(2026, 11, 21),
    read=read,
    verify=basic(body_of(XML)),
    to_events=sap_idoc.to_events,
    acknowledge=json_reply({"accepted": True}),
    refuse=json_refusal("error", {}),
    coverage=None,
    check=sap_idoc.check,
    cut=cut,
)
