"""Each mistake is told with its line, what was found, and what is allowed."""

from pathlib import Path

import pytest

from contracts.settings import Settings
from desk.configuration import read_settings
from tests.desk.configuration.conftest import Read

MISTAKES = [
    pytest.param(
        "kafka:\n  partitons: 4\n",
        "quayside.yaml:2: kafka.partitons: unknown name 'partitons'; did you mean 'partitions'?",
        id="a misspelt name",
    ),
    pytest.param("lgos: json\n", "quayside.yaml:1: lgos: unknown name 'lgos'; did you mean 'logs'?", id="a section"),
    pytest.param(
        "kafka:\n  prefix: a\n  partitions: 0\n",
        "quayside.yaml:3: kafka.partitions: found 0; expected at least 1",
        id="a number out of its range",
    ),
    pytest.param(
        "kafka: {partitions: many}",
        "quayside.yaml:1: kafka.partitions: found 'many'; expected a whole number",
        id="a word for a number",
    ),
    pytest.param(
        "targets:\n- name: rt\n  connector: request-tracker\n  url: http://rt\n  mode: shadwo\n",
        "quayside.yaml:5: targets[0].mode: found 'shadwo'; allowed: live, shadow; did you mean 'shadow'?",
        id="one of a few",
    ),
    pytest.param(
        "targets:\n- name: rt\n  connector: request-tracker\n  url: http://rt\n  fields:\n    Subject: tittle\n",
        "quayside.yaml:6: targets[0].fields.Subject: found 'tittle'; allowed: title, text, details,",
        id="an unknown canonical name",
    ),
    pytest.param(
        "policy:\n  late:\n    role: logistic\n",
        "quayside.yaml:3: policy.late.role: found 'logistic'; allowed: sales, logistics,",
        id="an unknown role",
    ),
    pytest.param(
        "policy:\n  stalled:\n    carriers:\n      sf: 36 hours\n",
        "quayside.yaml:4: policy.stalled.carriers.sf: found '36 hours'; expected an ISO 8601 duration such as PT36H",
        id="a duration in words",
    ),
    pytest.param(
        "targets:\n- name: rt\n  connector: request-tracker\n",
        "quayside.yaml:2: targets[0].url: is missing",
        id="a missing value points to its section",
    ),
    pytest.param(
        "sources:\n- name: My Sender\n  connector: kuaidi100\n",
        "quayside.yaml:2: sources[0].name: found 'My Sender'; expected lower case letters, digits and hyphens",
        id="a name that would not fit into a path",
    ),
    pytest.param(
        "sources:\n- {name: a, connector: kuaidi100, token: {env: A, file: b}}\n",
        "quayside.yaml:2: sources[0].token: a secret comes either from `env` or from `file`",
        id="a secret in two places",
    ),
    pytest.param(
        "sources:\n- {name: a, connector: kuaidi100, token: geheim}\n",
        "quayside.yaml:2: sources[0].token: found 'geheim'; expected",
        id="a secret in the file",
    ),
    pytest.param(
        "sources:\n- {name: a, connector: kuaidi100}\n- {name: b, connector: kuaidi100}\n- name: a\n"
        "  connector: kuaidi100\n",
        "quayside.yaml:4: sources[2].name: named twice: a",
        id="a name that is taken",
    ),
    pytest.param(
        "kafka: [1, 2]\n",
        "quayside.yaml:1: kafka: found a list; expected a section of `name: value` lines",
        id="a list for a section",
    ),
    pytest.param(
        "pollers:\n- name: erp\n  connector: tryton\n  url: http://erp\n  options: {database: 12}\n",
        "quayside.yaml:5: pollers[0].options.database: found 12; expected text (in quotes where it looks like a number",
        id="a number for text",
    ),
    pytest.param(
        "kafka:\n  security_protocol: SASL_SSL\n",
        "quayside.yaml:1: kafka: SASL needs sasl_mechanism, sasl_username and sasl_password",
        id="half of SASL",
    ),
    pytest.param(
        "clock: {epoch: 2026-01-01T00:00:00, started: 2026-01-01T00:00:00Z}\n",
        "quayside.yaml:1: clock.epoch: found 2026-01-01 00:00:00; expected an instant with its zone",
        id="an instant without a zone",
    ),
]

BROKEN_YAML = [
    pytest.param("kafka:\n  prefix: a\n\tepoch: 1\n", "quayside.yaml:3: is not YAML", id="a tab"),
    pytest.param("sources: [1,\n  2\nlogs: json\n", "quayside.yaml:3: is not YAML", id="an open bracket"),
    pytest.param(
        "kafka:\n  prefix: a\n  epoch: 2\n  prefix: b\n",
        "quayside.yaml:4: kafka.prefix: stands here for the second time; the first is in line 2",
        id="a name given twice",
    ),
    pytest.param("- a\n- b\n", "quayside.yaml:1: a configuration is a list of `name: value` lines", id="a list"),
    pytest.param("logs: json\n1: x\n", "quayside.yaml:2: found 1 as a name; expected text", id="a number as a name"),
    pytest.param("kafka: &k\n  more: *k\n", "quayside.yaml:1: kafka.more: refers to itself", id="a circle"),
    pytest.param("logs: !!python/name:os.system\n", "quayside.yaml:1: is not YAML: could not", id="code"),
]


@pytest.mark.parametrize(("text", "told"), MISTAKES)
def test_a_mistake_is_told_by_line_with_what_was_found_and_what_is_allowed(read: Read, text: str, told: str) -> None:
    reading = read(text)
    assert reading.settings is None
    assert [str(mistake)[: len(told)] for mistake in reading.mistakes] == [told]


@pytest.mark.parametrize(("text", "told"), BROKEN_YAML)
def test_what_is_not_a_configuration_in_yaml_is_told_by_line(read: Read, text: str, told: str) -> None:
    reading = read(text)
    assert reading.settings is None
    assert [str(mistake)[: len(told)] for mistake in reading.mistakes] == [told]


def test_all_mistakes_are_told_at_once_in_the_order_of_their_lines(read: Read) -> None:
    reading = read(
        """\
        lgos: json
        kafka:
          partitions: 0
          epoch: x
        sources:
          - name: a
        """
    )
    assert [mistake.line for mistake in reading.mistakes] == [1, 3, 4, 6]


def test_a_file_that_is_not_text_is_told_by_line() -> None:
    Path("quayside.yaml").write_bytes(b"logs: json\nstate: \xff\n")
    assert str(read_settings(Path("quayside.yaml")).mistakes[0]) == "quayside.yaml:2: is not UTF-8 text"


@pytest.mark.slow
def test_a_file_that_is_nested_too_deeply_says_so(read: Read) -> None:
    reading = read(f"logs: {'[' * 3000}{']' * 3000}\n")
    assert [str(mistake) for mistake in reading.mistakes] == ["quayside.yaml: is nested too deeply"]


def test_an_empty_file_means_the_defaults(read: Read) -> None:
    reading = read("# nothing yet\n")
    assert reading.settings == Settings()
    assert reading.mistakes == ()
