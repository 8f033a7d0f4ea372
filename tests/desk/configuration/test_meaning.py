"""What is well formed and cannot be meant is told as well, by line."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from connectors import registry
from contracts.clock import poller_source
from contracts.errors import Rejected
from desk.configuration import load, meaning, read_settings, show
from tests.desk.configuration.conftest import Read

WRONG = [
    pytest.param(
        "sources:\n- name: a\n  connector: kuaidi10\n  token: {file: t}\n",
        "quayside.yaml:3: sources[0].connector: unknown connector 'kuaidi10'; did you mean 'kuaidi100'?",
        id="a connector nobody knows",
    ),
    pytest.param(
        "targets:\n- {name: a, connector: tryton, url: 'http://erp'}\n",
        "quayside.yaml:2: targets[0].connector: 'tryton' belongs under `pollers`, not under `targets`",
        id="a connector in the wrong place",
    ),
    pytest.param(
        "pollers:\n- name: a\n  connector: tryton\n  url: http://erp\n  zone: Asia/Shanghia\n",
        "quayside.yaml:5: pollers[0].zone: found 'Asia/Shanghia'; expected a zone of the IANA database; "
        "did you mean 'Asia/Shanghai'?",
        id="a zone",
    ),
    pytest.param(
        "targets:\n- {name: a, connector: request-tracker, url: 'http://rt', notices: true, "
        "options: {queue: General}}\n",
        "quayside.yaml:2: targets[0].notices: request-tracker carries no notices to customers; these do: "
        + ", ".join(sorted(name for name, target in registry.TARGETS.items() if target.notice_fields)),
        id="notices where none go",
    ),
    pytest.param(
        "targets:\n- {name: a, connector: request-tracker, url: 'http://rt', steps: true, options: {queue: General}}\n",
        "quayside.yaml:2: targets[0].steps: request-tracker carries no steps of deliveries; ",
        id="steps where none go",
    ),
    pytest.param(
        "sources:\n"
        "- {name: a, connector: kuaidi100, folder: {path: in}}\n"
        "- {name: b, connector: kuaidi100, folder: {path: ./in}}\n",
        "quayside.yaml:3: sources[1].folder.path: in is the folder of 'a' already",
        id="one folder for two accounts",
    ),
    pytest.param(
        "listen:\n  worker:\n    port: 8480\n",
        "quayside.yaml:3: listen.worker.port: 8480 is the port of ingress already; 0 takes a free one",
        id="a port given to two",
    ),
    pytest.param(
        "policy:\n  carriers:\n    sf: [shunfeng]\n    sto: [Shunfeng]\n",
        "quayside.yaml:4: policy.carriers.sto: 'Shunfeng' is a name of 'sf' already",
        id="one name for two carriers",
    ),
    pytest.param(
        "kafka:\n  replication: 3\n",
        "quayside.yaml:2: kafka.replication: found more than 1 and no `bootstrap`",
        id="replicas on one broker",
    ),
    pytest.param(
        "database: postgresql://quayside:opensesame@db/quayside\n",
        "quayside.yaml:1: database: holds a password; put the URL into a variable or file",
        id="a password in the file",
    ),
    pytest.param("database: state.db\n", "quayside.yaml:1: database: is not an SQLAlchemy URL", id="no URL"),
    pytest.param(
        "policy:\n  pollers: [erp]\n",
        "quayside.yaml:2: policy.pollers: is filled from the accounts under `pollers`",
        id="what follows from elsewhere",
    ),
]

WHOLE = """\
sources:
  - name: kuaidi
    connector: kuaidi100
    secrets: [{env: KUAIDI_SALT}]
pollers:
  - name: works
    connector: tryton
    url: https://reader:opensesame@erp.example/
    secret: {file: key}
  - name: depot
    connector: tryton
    url: https://erp.example/depot
targets:
  - name: desk
    connector: request-tracker
    url: https://rt.example/
"""


@pytest.mark.parametrize(("text", "told"), WRONG)
def test_a_setting_that_cannot_be_meant_is_told_by_line(read: Read, text: str, told: str) -> None:
    reading = read(text)
    assert not reading.is_usable
    assert [str(mistake)[: len(told)] for mistake in reading.mistakes if not mistake.is_warning] == [told]


def test_an_option_of_a_source_that_has_none_is_told_at_its_line(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(meaning.CONNECTORS, "sources", registry.SOURCES)
    reading = read(
        """\
        sources:
        - name: a
          connector: kuaidi100
          token: {file: t}
          options:
            colour: red
        """
    )
    assert [str(mistake) for mistake in reading.mistakes] == [
        "quayside.yaml:6: sources[0].options.colour: the option `colour` is unknown: kuaidi100 has none"
    ]


@pytest.mark.parametrize(
    ("refusal", "path", "place"),
    [
        ("the option `queue` is missing", "", "quayside.yaml:2: targets[0]"),
        ("the option `due` is no duration", "", "quayside.yaml:6: targets[0].options.due"),
        ("not a URL", "$.url", "quayside.yaml:4: targets[0].url"),
        ("is no duration", "$.options.due", "quayside.yaml:6: targets[0].options.due"),
        ("there is no field `CF.{Due}`", "", "quayside.yaml:8: targets[0].fields.CF.{Due}"),
    ],
)
def test_what_a_connector_refuses_is_told_at_the_line_it_means(
    read: Read, monkeypatch: pytest.MonkeyPatch, refusal: str, path: str, place: str
) -> None:
    def check(_account: object) -> None:
        raise Rejected(refusal, code="bad_option", path=path)

    monkeypatch.setitem(meaning.CONNECTORS, "targets", {"request-tracker": SimpleNamespace(check=check)})
    reading = read(
        """\
        targets:
          - name: desk
            connector: request-tracker
            url: https://rt.example/
            options:
              due: soon
            fields:
              "CF.{Due}": due
        """
    )
    assert [str(mistake) for mistake in reading.mistakes] == [f"{place}: {refusal}"]


@pytest.mark.parametrize(
    ("account", "told"),
    [
        (
            "connector: tryton\n  url: https://erp/db\n  secret: {file: key}\n  options:\n    delivery_day: '2'\n",
            "quayside.yaml:7: pollers[0].options.delivery_day: the option `delivery_day` is unknown; there are: ",
        ),
        ("connector: tryton\n  url: https://erp/db\n", "quayside.yaml:2: pollers[0]: no `secret`: it is the key"),
        (
            "connector: sample-file\n  url: /srv/day.jsonl\n",
            "quayside.yaml:4: pollers[0].url: '/srv/day.jsonl' is no file:PATH",
        ),
    ],
)
def test_a_poller_is_asked_about_its_account_before_it_polls(
    read: Read, monkeypatch: pytest.MonkeyPatch, account: str, told: str
) -> None:
    monkeypatch.setitem(meaning.CONNECTORS, "pollers", registry.POLLERS)
    reading = read(f"pollers:\n- name: factory\n  {account}")
    assert not reading.is_usable
    assert [str(mistake)[: len(told)] for mistake in reading.mistakes] == [told]


def test_a_password_in_the_databases_url_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUAYSIDE_DATABASE", "postgresql://quayside:opensesame@db/quayside")
    assert load().database_url() == "postgresql://quayside:opensesame@db/quayside"


def test_a_source_that_anybody_can_write_to_is_a_warning_and_stops_nothing(read: Read) -> None:
    reading = read("sources:\n- name: open\n  connector: kuaidi100\n")
    assert [str(mistake) for mistake in reading.mistakes] == [
        (
            "quayside.yaml:2: warning: sources[0]: anybody can send as 'open': give it `secrets`, or a `token` where "
            "its sender cannot sign"
        )
    ]
    assert reading.is_usable


def test_all_polled_accounts_count_as_heard_by_the_policy(read: Read) -> None:
    settings = read(WHOLE).settings
    assert settings is not None
    assert settings.policy.heard_from_erp == (poller_source("depot"), poller_source("works"))


def test_a_role_starts_without_the_secrets_of_other_roles_and_a_check_misses_them(read: Read) -> None:
    assert read(WHOLE).is_usable
    reading = read_settings(Path("quayside.yaml"), with_secrets=True)
    assert [str(mistake) for mistake in reading.mistakes] == [
        "quayside.yaml:4: sources[0].secrets[0]: the environment variable KUAIDI_SALT is not set",
        "quayside.yaml:9: pollers[0].secret: the secret file key cannot be read: No such file or directory",
    ]


def test_the_effective_configuration_is_shown_without_secrets(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUAYSIDE_DATABASE", "postgresql://quayside:opensesame@db/quayside")
    monkeypatch.setenv("KUAIDI_SALT", "opensesame")
    settings = read(WHOLE).settings
    assert settings is not None
    shown = show(settings)
    assert "opensesame" not in shown
    assert "https://***@erp.example/" in shown
    assert "env: KUAIDI_SALT" in shown


def test_what_is_shown_is_a_configuration_that_means_the_same(read: Read) -> None:
    settings = read("kafka: {prefix: mine}\npolicy: {stalled: {silence: P3D}}\n").settings
    assert settings is not None
    assert read(show(settings).replace("  pollers: []\n", "")).settings == settings


def test_loading_raises_with_every_mistake_and_no_warning(read: Read) -> None:
    read("kafka: {partitions: 0, epoch: x}\nsources: [{name: a, connector: kuaidi100}]\n")
    with pytest.raises(Rejected) as raised:
        load()
    assert len(raised.value.reason.splitlines()) == 2


def test_an_account_with_a_folder_alone_is_no_open_door_and_is_waited_for(read: Read) -> None:
    """Nobody can push to it; and what rests on its silence rests on its folder having been read."""
    reading = read("sources:\n- {name: works, connector: kuaidi100, folder: {path: in}}\n")
    assert reading.mistakes == ()
    assert reading.settings is not None
    assert reading.settings.policy.heard_from_account("works") == poller_source("works")


def test_a_target_that_opens_nothing_again_cannot_be_told_to(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(meaning.CONNECTORS, "targets", registry.TARGETS)
    reading = read("targets:\n- {name: a, connector: ticket-desk, url: 'http://desk', when_closed: reopen}\n")
    (mistake,) = (str(mistake) for mistake in reading.mistakes if not mistake.is_warning)
    assert mistake.startswith("quayside.yaml:2: targets[0].when_closed: ticket-desk opens nothing again; these do: ")
    assert "request-tracker" in mistake
