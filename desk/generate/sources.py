"""The reference page about who pushes to us: what each sender sends, is answered, and means by its codes."""

from connectors.registry import SOURCES
from contracts.connector import Reply, Source
from desk.generate.markdown import code, page, table


def sources_page() -> str:
    """Every source, from the registry."""
    return page(
        "Sources",
        "Whom Quayside takes pushes from, as the records in `connectors/sources` say. How ingress answers whoever it "
        "is: [push](push.md).",
        *(_section(source) for source in SOURCES.values()),
    )


def _section(source: Source) -> str:
    rows = [
        ("address", code(f"POST /in/{source.name}/ACCOUNT")),
        ("signature", "signed; up to two secrets are live" if source.signs else "none: give the account a `token`"),
        ("a push tells", str(source.coverage)),
        ("headers that are kept", ", ".join(map(code, sorted(source.headers))) or "the content type alone"),
        ("accepted", _reply(source.acknowledge)),
        ("refused", _reply(source.refuse("REASON"))),
        ("documentation", ", ".join(f"<{link}>" for link in source.documentation)),
    ]
    codes = [(code(given), code(source.codes[given])) for given in sorted(source.codes, key=_shortest_first)]
    return (
        f"## `{source.name}`: {source.title}\n\n{table(('', ''), rows)}\n\n"
        f"{table(('code', 'status'), codes)}\n\nA code that is not listed becomes `unknown` and is counted."
    )


def _reply(reply: Reply) -> str:
    return f"{reply.status} {code(reply.body.decode())} as {code(reply.content_type)}"


def _shortest_first(given: str) -> tuple[int, str]:
    return len(given), given
