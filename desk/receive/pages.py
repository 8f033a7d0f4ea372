"""What a person sees of the ticket desk, and does: a list, a task with its history, closing it, saying something."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from pydantic import Field

from contracts.envelope import read_time
from contracts.errors import Rejected
from contracts.model import Contract, build
from desk.receive.api import TheDesk
from desk.receive.catalogue import WORDS, language_of
from desk.receive.desk import Desk, Task

LISTED = ("order", "customer", "promised", "last_scan")
SHOWN = ("order", "customer", "promised", "last_scan", "kind", "severity", "role", "since", "due")
_WORDED = {"kind", "severity", "role"}
_TIMES = {"since", "due"}
FORM_LIMIT = 64 * 1024

Shown = Literal["open", "closed", "all"]

router = APIRouter(include_in_schema=False)
_templates = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=select_autoescape(),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@router.get("/")
async def listing(request: Request, desk: TheDesk, show: Shown = "open") -> HTMLResponse:
    """Show the tasks, the newest first."""
    tasks = sorted(desk.tasks.values(), key=lambda task: -task.id)
    counts = {
        "open": sum(task.is_open for task in tasks),
        "closed": sum(not task.is_open for task in tasks),
        "all": len(tasks),
    }
    wanted = [task for task in tasks if show in {"all", "open" if task.is_open else "closed"}]
    return _page(request, desk, "listing.html", tasks=wanted, show=show, counts=counts, listed=LISTED)


@router.get("/tasks/{number}")
async def one(request: Request, desk: TheDesk, number: int) -> HTMLResponse:
    """Show a task."""
    return _page(request, desk, "task.html", task=desk.task(number), shown=SHOWN)


class Said(Contract, str_strip_whitespace=True):
    """What a person says of a task: who they are, and why. outcome: of the button that closes it.

    approved_by: who approved it, where the task asks for that.
    """

    by: str = Field(min_length=1, max_length=100)
    reason: str = Field(min_length=1, max_length=2000)
    outcome: Literal["done", "refused"] = "done"
    approved_by: str = Field(default="", max_length=100)


async def said(request: Request) -> Said:
    """Read a form; raises Rejected where it is incomplete, and refuses one that another site's page sends.

    A browser says which site a request comes from (Fetch Metadata, `Sec-Fetch-Site`); what says nothing is no browser.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise HTTPException(403, "this form was sent by another site")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > FORM_LIMIT:
            raise Rejected(f"a form of more than {FORM_LIMIT} bytes", code="too_large")
    return build(Said, **dict(parse_qsl(body.decode(errors="replace"))))


Form = Annotated[Said, Depends(said)]


@router.post("/tasks/{number}/close")
async def close(request: Request, desk: TheDesk, number: int, form: Form) -> Response:
    """Close a task, as done or as refused."""
    refused = form.outcome == "refused"
    desk.close(number, by=form.by, reason=form.reason, refused=refused, approved_by=form.approved_by)
    return _back(request, number)


@router.post("/tasks/{number}/comment")
async def comment(request: Request, desk: TheDesk, number: int, form: Form) -> Response:
    """Say something about a task."""
    desk.comment(number, form.by, form.reason)
    return _back(request, number)


def _page(request: Request, desk: Desk, template: str, **values: object) -> HTMLResponse:
    language = language_of(request.query_params.get("lang"), request.headers.get("accept-language", ""))
    words = WORDS[language]
    found = _templates.get_template(template).render(
        language=language,
        word=lambda name: words.get(name, name),
        value=_value,
        worded=_WORDED,
        moment=_moment,
        asked=request.query_params.get("lang", ""),
        signed=request.app.state.webhook is not None,
        journal=request.app.state.journal_name,
        total=len(desk.tasks),
        **values,
    )
    return HTMLResponse(found)


def _value(task: Task, name: str) -> str:
    """A field as people read it; a time that is none is shown as it was sent."""
    text = task.fields.get(name, "")
    if name not in _TIMES or not text:
        return text
    try:
        return _moment(read_time(text))
    except Rejected:
        return text


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _back(request: Request, number: int) -> RedirectResponse:
    language = request.query_params.get("lang")
    return RedirectResponse(f"/tasks/{number}" + (f"?lang={language}" if language in WORDS else ""), status_code=303)
