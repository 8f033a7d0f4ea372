"""Zendesk's requests, as far as we make them, written from https://developer.zendesk.com/api-reference/ticketing/.

Each request's own page stands beside it: tickets (with its table of properties), audits, ticket fields, users, search
export, incremental export, and pagination by cursor.
"""

from tests.fakes.described import TEXT, Described, closed

PAGES = "https://developer.zendesk.com/api-reference/ticketing"
NUMBER = {"type": "integer", "minimum": 1}
TEXT_OR_NONE = {"type": ["string", "null"]}
CURSOR = {"page[size]": {"pattern": "^([1-9]\\d?|100)$"}, "page[after]": TEXT}
TICKET = {
    "subject": TEXT_OR_NONE,
    "priority": {"enum": ["urgent", "high", "normal", "low", None]},
    "type": {"enum": ["problem", "incident", "question", "task", None]},
    "status": {"enum": ["open", "pending", "hold", "solved", "closed"]},
    "due_at": {"type": ["string", "null"], "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
    "custom_fields": {"type": "array", "items": closed({"id": NUMBER, "value": TEXT_OR_NONE}, "id", "value")},
    "comment": closed({"body": {"type": "string", "minLength": 1}, "public": {"type": "boolean"}}, "body"),
}
NEW = {
    "external_id": TEXT,
    "via_followup_source_id": NUMBER,
    "requester_id": NUMBER,
    "group_id": NUMBER,
    "brand_id": NUMBER,
    "ticket_form_id": NUMBER,
}
SAFE = {"safe_update": {"type": "boolean"}, "updated_stamp": TEXT}

REQUESTS = (
    Described(
        "GET", r"/api/v2/tickets", f"{PAGES}/tickets/tickets/#list-tickets", closed({"external_id": TEXT, **CURSOR})
    ),
    Described(
        "POST",
        r"/api/v2/tickets",
        f"{PAGES}/tickets/tickets/#create-ticket",
        body=closed({"ticket": closed({**TICKET, **NEW}, "comment")}, "ticket"),
    ),
    Described("GET", r"/api/v2/tickets/\d+", f"{PAGES}/tickets/tickets/#show-ticket"),
    Described(
        "PUT",
        r"/api/v2/tickets/\d+",
        f"{PAGES}/tickets/tickets/#update-ticket",
        body=closed({"ticket": closed({**TICKET, **SAFE})}, "ticket"),
    ),
    Described("GET", r"/api/v2/tickets/\d+/audits", f"{PAGES}/tickets/ticket_audits/", closed(CURSOR)),
    Described("GET", r"/api/v2/ticket_fields", f"{PAGES}/tickets/ticket_fields/", closed(CURSOR)),
    Described("GET", r"/api/v2/users/(me|\d+)", f"{PAGES}/users/users/"),
    Described(
        "GET",
        r"/api/v2/search/export",
        f"{PAGES}/ticket-management/search/#export-search-results",
        closed(
            {"query": TEXT, "filter[type]": {"enum": ["ticket", "organization", "user", "group"]}, **CURSOR}, "query"
        ),
    ),
    Described(
        "GET",
        r"/api/v2/incremental/tickets/cursor",
        f"{PAGES}/ticket-management/incremental_exports/",
        closed({"cursor": TEXT, "start_time": {"pattern": r"^\d+$"}}),
    ),
)
