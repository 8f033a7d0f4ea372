"""What every source must do. Its test is one line, and a folder of fixtures.

    class TestKuaidi100(SourceConformance):
        source = KUAIDI100

All that the suite must know of the sender stands in the record (its scheme signs) and in the fixtures' folder,
tests/mappings/*/NAME/:

    X.json             a payload as its sender writes it; another format has another suffix
    X.jsonl            what was reviewed to follow from it: canonical events, a line each, then the codes no table lists
    codes.tsv          the vendor's whole table, with what each code was reviewed to mean
    conformance.toml   how codes and times stand in a payload, answers byte for byte, and what is not applicable and why
                       (`conformance.declaration` shows a whole one)

A clause that does not apply is declared so, with its reason; one that is neither shown nor declared fails and says what
is missing. Where keys come in pairs, or must be made, the test names them beside the record: `keys = (Key(…), Key(…))`
(`conformance.suite.Key`).
"""

from tests.connectors.conformance.answers import AnswerConformance
from tests.connectors.conformance.meaning import MeaningConformance
from tests.connectors.conformance.proof import ProofConformance
from tests.connectors.conformance.reading import ReadingConformance


class SourceConformance(ProofConformance, AnswerConformance, ReadingConformance, MeaningConformance):
    """The suite; inherit it and name the record as `source`."""
