"""HubSpot's requests, version 2026-03, as far as we make them.

Written from https://developers.hubspot.com/docs/api-reference/latest/ (CRM objects, search, properties, pipelines,
owners; each request's own page stands beside it). Values of properties are texts; a batch takes 1 to 100 inputs.
"""

from tests.fakes.described import TEXT, Described, closed

PAGES = "https://developers.hubspot.com/docs/api-reference/latest/crm"
VALUES = {"type": "object", "minProperties": 1, "additionalProperties": TEXT}
FLAG = {"enum": ["true", "false"]}
ID_INPUT = closed({"id": TEXT}, "id")
UPSERT_INPUT = closed(
    {"id": TEXT, "idProperty": TEXT, "objectWriteTraceId": TEXT, "properties": VALUES}, "id", "idProperty", "properties"
)
FILTER = closed(
    {"propertyName": TEXT, "operator": {"enum": ["HAS_PROPERTY", "GT", "GTE"]}, "value": TEXT},
    "propertyName",
    "operator",
)


def batch(inputs: object) -> object:
    return {"type": "array", "items": inputs, "minItems": 1, "maxItems": 100}


REQUESTS = (
    Described(
        "GET",
        r"/crm/objects/2026-03/(tickets|orders)/[^/]+",
        f"{PAGES}/objects/tickets/get-ticket",
        closed({"properties": TEXT, "propertiesWithHistory": TEXT, "archived": FLAG, "idProperty": TEXT}),
    ),
    Described(
        "POST",
        r"/crm/objects/2026-03/tickets",
        f"{PAGES}/objects/tickets/create-ticket",
        body=closed({"properties": VALUES, "associations": {"type": "array"}}, "properties"),
    ),
    Described(
        "PATCH",
        r"/crm/objects/2026-03/tickets/\d+",
        f"{PAGES}/objects/tickets/update-ticket",
        closed({"idProperty": TEXT}),
        closed({"properties": VALUES}, "properties"),
    ),
    Described(
        "POST",
        r"/crm/objects/2026-03/tickets/batch/read",
        f"{PAGES}/objects/tickets/batch/get-tickets",
        closed({"archived": FLAG}),
        closed(
            {
                "inputs": batch(ID_INPUT),
                "properties": {"type": "array", "items": TEXT},
                "propertiesWithHistory": {"type": "array", "items": TEXT},
                "idProperty": TEXT,
            },
            "inputs",
            "properties",
            "propertiesWithHistory",
        ),
    ),
    Described(
        "POST",
        r"/crm/objects/2026-03/orders/batch/upsert",
        f"{PAGES}/objects/orders/batch/upsert-orders",
        body=closed({"inputs": batch(UPSERT_INPUT)}, "inputs"),
    ),
    Described(
        "POST",
        r"/crm/objects/2026-03/tickets/search",
        f"{PAGES}/search-the-crm",
        body=closed(
            {
                "filterGroups": {
                    "type": "array",
                    "maxItems": 5,
                    "items": closed({"filters": {"type": "array", "items": FILTER, "maxItems": 10}}, "filters"),
                },
                "sorts": {
                    "type": "array",
                    "maxItems": 1,
                    "items": closed({"propertyName": TEXT, "direction": {"enum": ["ASCENDING", "DESCENDING"]}}),
                },
                "properties": {"type": "array", "items": TEXT},
                "limit": {"type": "integer", "minimum": 1, "maximum": 200},
                "after": TEXT,
            },
            "filterGroups",
        ),
    ),
    Described(
        "GET",
        r"/crm/owners/2026-03/\d+",
        f"{PAGES}/owners/guide",
        closed({"idProperty": {"enum": ["id", "userId"]}, "archived": FLAG}),
    ),
    Described("GET", r"/crm/properties/2026-03/(tickets|orders)", f"{PAGES}/properties/get-properties"),
    Described("GET", r"/crm/pipelines/2026-03/tickets/[^/]+", f"{PAGES}/pipelines/guide"),
)
