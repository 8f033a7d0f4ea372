"""The metrics, declared once; the reference page is generated from here.

Labels have a budget: a label's values come from the configuration or from a list in the code, never from a payload.
Every role shows the ones it moves at `/metrics`.
"""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY = CollectorRegistry()
"""Our own registry, so that a page shows what is declared here and nothing else."""

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)

INBOUND = Counter(
    "quayside_inbound_total",
    "Requests and poll readings by what became of them at the edge: stored, refused, unavailable, too_large, …",
    ["connector", "outcome"],
    registry=REGISTRY,
)
EVENTS = Counter(
    "quayside_events_total",
    "What a stage finished. Records: applied, duplicate, dead_lettered, waiting (its key is quarantined), tick. Keys: "
    "deadline, quarantined, quarantine_untold.",
    ["stage", "outcome"],
    registry=REGISTRY,
)
STAGE_SECONDS = Histogram(
    "quayside_stage_seconds",
    "Seconds from the fetch of a chunk to its acknowledgement.",
    ["stage"],
    buckets=_SECONDS,
    registry=REGISTRY,
)
DEAD_LETTERS = Counter("quayside_dead_letters", "Records written to the dead letters.", ["stage"], registry=REGISTRY)
TIME_LAG = Gauge(
    "quayside_time_lag_seconds",
    "How far the time of a stage's partition is behind the clock: its upstream that lags most holds it back.",
    ["stage", "partition"],
    registry=REGISTRY,
)
UNKNOWN_CODES = Counter(
    "quayside_unknown_codes_total",
    "Status codes that the vendor's table does not list; they became `unknown`.",
    ["carrier"],
    registry=REGISTRY,
)
CALENDAR_GAPS = Counter(
    "quayside_calendar_gaps_total",
    "Public holidays that were asked for and are not known, once a place and year: of a country (weekdays alone "
    "count), a region (its country's count), a year (no days off and make-up days that are announced).",
    ["gap"],
    registry=REGISTRY,
)
POLLS = Counter(
    "quayside_polls_total",
    "Polls by account and outcome: complete, unauthorised, unreachable, server_error, throttled, refused, …",
    ["account", "outcome"],
    registry=REGISTRY,
)
HINTED_LOOKS = Counter(
    "quayside_hinted_looks_total",
    "Looks at what hints pointed at, by account and what each found: news, no_news, failed.",
    ["account", "outcome"],
    registry=REGISTRY,
)
DISPATCH = Counter(
    "quayside_dispatch_total",
    "Actions at a target: created, updated, reopened, closed, looked_up, retried, dead, shadowed, held.",
    ["target", "outcome"],
    registry=REGISTRY,
)
DISPATCH_LAG = Gauge(
    "quayside_dispatch_lag_seconds",
    "Age of the oldest wanted change that is not at the target yet.",
    ["target"],
    registry=REGISTRY,
)
LANES_PARKED = Gauge(
    "quayside_lanes_parked",
    "Orders whose action failed and waits for its next try.",
    ["target"],
    registry=REGISTRY,
)
BREAKER_OPEN = Gauge(
    "quayside_breaker_open",
    "1 while a target that failed for everybody is left alone, but for a trial now and then.",
    ["target"],
    registry=REGISTRY,
)
DIFFERENCES = Gauge(
    "quayside_reconcile_differences",
    "Records at a target that were not as they should be, when all was last compared: missing, closed, differs, "
    "duplicate, unwanted, lost.",
    ["target", "what"],
    registry=REGISTRY,
)
CONSUMER_LAG = Gauge(
    "quayside_consumer_lag",
    "Records behind the end of a topic's partition.",
    ["stage", "partition"],
    registry=REGISTRY,
)
END_TO_END = Histogram(
    "quayside_end_to_end_seconds",
    "Seconds from the receipt of what caused a task to its success at the target.",
    ["target"],
    buckets=_SECONDS,
    registry=REGISTRY,
)
