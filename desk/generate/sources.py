"""The reference page about who pushes to us: what each sender sends, is answered, and means by its codes."""

from http import HTTPStatus

from connectors.registry import SOURCES
from contracts.connector import Reply, Source
from contracts.signature import Proof
from desk.generate.markdown import code, page, table


def sources_page() -> str:
    """Every source, from the registry."""
    return page(
        "Sources",
        "Whom Quayside takes pushes from, as the records in `connectors/sources` say. How ingress answers whoever it "
        "is: [push](push.md). How to push events of one's own: [CloudEvents](../how-to/push-cloudevents.md).",
        *(_section(source) for source in SOURCES.values()),
    )


def _section(source: Source) -> str:
    rows = [
        ("address", code(f"POST /in/{source.name}/ACCOUNT")),
        ("proof", _proof(source)),
        ("a push tells", str(source.coverage or "in each report whether it is a snapshot or an increment")),
        ("headers that are kept", ", ".join(map(code, sorted(source.headers))) or "the content type alone"),
        ("headers that are read and not kept", ", ".join(map(code, sorted(source.verify.headers))) or "none"),
        ("a mistake is told", "at once: nothing of it is kept" if source.objection else "in the dead letters"),
        ("accepted", _acknowledgement(source)),
        ("refused", _reply(source.refuse("REASON", HTTPStatus.UNAUTHORIZED))),
        ("documentation", ", ".join(f"<{link}>" for link in source.documentation)),
    ]
    section = f"## `{source.name}`: {source.title}\n\n{table(('', ''), rows)}"
    if not source.codes:
        return section
    codes = [(code(given), code(source.codes[given])) for given in sorted(source.codes, key=_shortest_first)]
    listed = table(("code", "status"), codes)
    return f"{section}\n\n{listed}\n\nA code that is not listed becomes `unknown` and is counted."


def _proof(source: Source) -> str:
    scheme = source.verify
    if scheme.proves is Proof.NOTHING:
        return "none: give the account a `token`"
    how = "a signature over the raw bytes" if scheme.proves is Proof.BODY else "a secret, which does not sign the body"
    when = f"; made within {scheme.tolerance.total_seconds():g} s of its receipt" if scheme.tolerance else ""
    return f"{how}; up to two secrets are live{when}"


def _acknowledgement(source: Source) -> str:
    if isinstance(source.acknowledge, Reply):
        return _reply(source.acknowledge)
    return " ".join(str(source.acknowledge.__doc__).split("\n\n", 1)[0].split())


def _reply(reply: Reply) -> str:
    if not reply.body:
        return f"{reply.status}, without a body"
    return f"{reply.status} {code(reply.body.decode())} as {code(reply.content_type)}"


def _shortest_first(given: str) -> tuple[int, str]:
    return len(given), given
