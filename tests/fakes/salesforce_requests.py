"""Salesforce's requests to the REST API, as far as we make them, written from its pages.

https://developer.salesforce.com/docs/platform/api-rest/guide/dome-upsert.html (upsert), .../resources-sobject-rows.html
(update, conditional), .../dome-query.html and .../dome-queryall.html, .../resources-sobject-describe.html. Fields of an
object are its own affair; their values are texts or null. Neither the id nor the external id stands in the body.
"""

from tests.fakes.described import TEXT, Described, Schema, closed

GUIDE = "https://developer.salesforce.com/docs/platform/api-rest/guide"
DATA = r"/services/data/v64\.0"


def fields(*never: str) -> Schema:
    """Values of fields, at least one, none of which is one of these."""
    return {
        "type": "object",
        "minProperties": 1,
        "additionalProperties": {"type": ["string", "null"]},
        "propertyNames": {"not": {"enum": ["Id", *never]}},
    }


REQUESTS = (
    Described(
        "PATCH",
        rf"{DATA}/sobjects/Case/Quayside_Episode__c/[^/]+",
        f"{GUIDE}/dome-upsert.html",
        body=fields("Quayside_Episode__c"),
    ),
    Described(
        "PATCH",
        rf"{DATA}/sobjects/Quayside_Delivery__c/Quayside_Task__c/[^/]+",
        f"{GUIDE}/dome-upsert.html",
        body=fields("Quayside_Task__c"),
    ),
    Described(
        "PATCH",
        rf"{DATA}/sobjects/Quayside_Delivery__c/Order_Number__c/[^/]+",
        f"{GUIDE}/dome-upsert.html",
        body=fields("Order_Number__c"),
    ),
    Described(
        "PATCH", rf"{DATA}/sobjects/Case/[A-Za-z0-9]{{18}}", f"{GUIDE}/resources-sobject-rows.html", body=fields()
    ),
    Described("GET", rf"{DATA}/query(All)?", f"{GUIDE}/dome-query.html", closed({"q": TEXT}, "q")),
    Described("GET", rf"{DATA}/query/[A-Za-z0-9-]+", f"{GUIDE}/dome-query.html"),
    Described("GET", rf"{DATA}/sobjects/[A-Za-z0-9_]+/describe", f"{GUIDE}/resources-sobject-describe.html"),
)
