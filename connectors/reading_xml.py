"""From the bytes of a request to an XML element: no document type, so no entities, and nothing is fetched.

The parser is defusedxml, around Python's own: what XML allows beyond elements, attributes and text is how documents of
a few lines grow to gigabytes or read files of the machine they are parsed on.
"""

from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from contracts.errors import Rejected


def decode_xml(text: bytes, path: str) -> Element:
    """Read XML in UTF-8, whatever it declares; raises Rejected where it is none, or has a document type."""
    try:
        root: Element = fromstring(text.decode("utf-8-sig"), forbid_dtd=True)
    except UnicodeDecodeError as error:
        raise Rejected(f"not UTF-8: {error}", code="bad_xml", path=path) from error
    except ParseError as error:
        raise Rejected(f"not XML: {error}", code="bad_xml", path=path) from error
    except DefusedXmlException as error:
        raise Rejected(
            "XML with a document type, which none of our senders needs", code="bad_xml", path=path
        ) from error
    return root
