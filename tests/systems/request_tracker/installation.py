"""Set up Request Tracker from nothing: Debian's packages, a database, a queue. The database is made once and kept."""

import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from tests.systems.debian import Packages
from tests.systems.installations import fingerprint, made_once, one_at_a_time
from tests.systems.processes import Say, Server, SetUpFailed, answers, run

HERE = Path(__file__).parent
QUEUE = HERE / "queue.pl"
SOURCES = (QUEUE, HERE / "installation.py")

# dbconfig-no-thanks: the database is ours; msmtp-mta: no exim4; rt5-standalone: no apache.
PACKAGES = Packages(
    system="Request Tracker",
    names=("request-tracker5", "rt5-db-sqlite", "rt5-standalone", "dbconfig-no-thanks", "msmtp-mta"),
    preseed="request-tracker5 request-tracker5/install-cronjobs boolean false\n"
    "request-tracker5 request-tracker5/dbconfig-install boolean false\n",
)
DATABASE_TOOL = Path("/usr/sbin/rt-setup-database-5")
SERVER_PROGRAM = Path("/usr/share/request-tracker5/libexec/rt-server")
ROOT_PASSWORD = "root-1A-deliveries"
WORKERS = "2"


@dataclass(frozen=True)
class Installation:
    """A folder with an initialised database, and the token of each user."""

    template: Path

    def tokens(self) -> dict[str, str]:
        tokens: dict[str, str] = json.loads((self.template / "tokens.json").read_text(encoding="utf-8"))
        return tokens

    def copy_to(self, folder: Path) -> None:
        shutil.copy(self.template / "rt.sqlite", folder)


def prepare(say: Say) -> Installation:
    """The installation; the packages are installed if need be, which takes root.

    Raises:
        SetUpFailed: a step ended with an error; the sentence ends with the step's last lines.
    """
    with one_at_a_time() as state:
        PACKAGES.install(state / "request-tracker-packages.log", say)

        def fill(folder: Path) -> None:
            say("initialising a Request Tracker database with a queue in it")
            make_template(folder)

        return Installation(made_once(state, "request-tracker-database", fingerprint(*SOURCES), fill))


def make_template(folder: Path) -> None:
    environment = configure(folder, port=80)
    password = folder / "password"
    password.write_text(ROOT_PASSWORD + "\n", encoding="utf-8")
    run([DATABASE_TOOL, "--action", "init", "--root-password-file", str(password)], folder / "init.log", environment)
    insert: list[str | Path] = [DATABASE_TOOL, "--action", "insert", "--skip-create", "--datafile", QUEUE]
    said = run(insert, folder / "insert.log", environment)
    tokens = dict(re.findall(r"^TOKEN (\S+) (\S+)$", said, re.MULTILINE))
    if not tokens:
        raise SetUpFailed(f"Request Tracker made no token:\n{said}")
    (folder / "tokens.json").write_text(json.dumps(tokens), encoding="utf-8")


def configure(folder: Path, port: int) -> dict[str, str]:
    """Write the site's configuration into `folder`; the environment that makes Request Tracker read it."""
    for needed in ("conf.d", "var/mason", "var/session"):  # without them it dies at its start
        (folder / needed).mkdir(parents=True, exist_ok=True)
    settings = {
        "rtname": "quayside.test",
        "Organization": "quayside.test",
        "CorrespondAddress": "rt@quayside.test",
        "CommentAddress": "rt-comment@quayside.test",
        "DatabaseType": "SQLite",
        "DatabaseName": str(folder / "rt.sqlite"),
        "WebDomain": "127.0.0.1",
        "WebPort": str(port),
        "WebPath": "",
        "MailCommand": "testfile",  # no mail leaves the machine
        "Timezone": "Asia/Shanghai",  # never UTC: whoever sends it a time must not get away with forgetting its zone
        "LogToSTDERR": "warning",
        "MasonDataDir": str(folder / "var" / "mason"),
        "MasonSessionDir": str(folder / "var" / "session"),
    }
    lines = [f"Set(${name}, '{value}');" for name, value in settings.items()]
    off = [f"Set(${name}, undef);" for name in ("LogToSyslog", "LogToFile")]
    site = folder / "site.pm"
    site.write_text("\n".join(["use utf8;", *lines, *off, "1;", ""]), encoding="utf-8")
    return {
        "RT_SITE_CONFIG": str(site),
        "RT_SITE_CONFIG_DIR": str(folder / "conf.d"),
        "LC_ALL": "C.UTF-8",
    }


def server(folder: Path, port: int, token: str) -> Server:
    """Request Tracker on the database in `folder`; ready when REST2 answers this token."""
    command: list[str | Path] = [
        SERVER_PROGRAM, "--server", "Starlet", "--host", "127.0.0.1", "--port", str(port), "--max-workers", WORKERS,
    ]  # fmt: skip
    about = f"http://127.0.0.1:{port}/REST/2.0/rt"

    def ready() -> bool:
        return answers(about, 200, f"token {token}")

    return Server("Request Tracker", command, folder / "server.log", ready, configure(folder, port))
