"""Logs by structlog, ours and the libraries' in one form: JSON lines in production, readable ones on a console.

No body, no secret and no personal data is logged. Where a sender's secret path could still slip in by way of a library,
it is masked here.
"""

import logging
import re
import sys
from typing import Literal

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

_SECRET_PATH = re.compile(r"(/in/[^/\s?\"']+/[^/\s?\"']+/)[^\s?\"']+")
_MASK = r"\1***"


def configure_logs(form: Literal["console", "json"], level: int = logging.INFO) -> None:
    """Send all logs of this process to standard error in one form. Libraries tell warnings and errors only."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.stdlib.ExtraAdder(),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processors=_last(form), foreign_pre_chain=shared))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    _take_over_libraries()
    for package in ("contracts", "mappings", "connectors", "streams", "desk"):
        logging.getLogger(package).setLevel(level)


def _take_over_libraries() -> None:
    """Let what a library set up for itself come to us: its own handlers know nothing of secrets."""
    for logger in logging.root.manager.loggerDict.values():
        if isinstance(logger, logging.Logger):
            logger.handlers.clear()
            logger.propagate = True


def mask_secret_paths(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Mask the token of an ingress path in every text of a log entry."""
    return {name: _SECRET_PATH.sub(_MASK, value) if isinstance(value, str) else value for name, value in event.items()}


def _last(form: Literal["console", "json"]) -> list[Processor]:
    rendered: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        # Not structlog's pretty tracebacks: those show local variables, and with them bodies and secrets.
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    return [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        mask_secret_paths,
        rendered,
    ]
