"""Set up Redmine from nothing: Debian's packages, a site of its own, a database, a project. Made once and kept."""

import json
import re
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.systems.debian import Packages
from tests.systems.installations import fingerprint, made_once, one_at_a_time
from tests.systems.processes import Say, Server, SetUpFailed, answers, run

HERE = Path(__file__).parent
DELIVERIES = HERE / "deliveries.rb"
SOURCES = (DELIVERIES, HERE / "installation.py")

# dbconfig-no-thanks: the database is ours; puma: the application server, which Debian's package only recommends.
PACKAGES = Packages(
    system="Redmine",
    names=("redmine", "redmine-sqlite", "dbconfig-no-thanks", "puma"),
    preseed="redmine redmine/instances/default/dbconfig-install boolean false\n",
)
PROGRAM = Path("/usr/share/redmine")
GEMS = 'gem "sqlite3"\ngem "puma"\n'
"""What Redmine needs beside its own: Debian's Gemfile looks for the databases of the machine's own instances only."""
INSTANCE = "instances/default"
DATABASE = "redmine.sqlite3"
THREADS = "4"


@dataclass(frozen=True)
class Installation:
    """A folder with a site, an initialised database in it, and the key of each user."""

    template: Path

    def keys(self) -> dict[str, str]:
        keys: dict[str, str] = json.loads((self.template / "keys.json").read_text(encoding="utf-8"))
        return keys

    def copy_to(self, folder: Path) -> None:
        shutil.copytree(self.template / "site", folder / "site")
        configure(folder)


def prepare(say: Say) -> Installation:
    """The installation; the packages are installed if need be, which takes root.

    Raises:
        SetUpFailed: a step ended with an error; the sentence ends with the step's last lines.
    """
    with one_at_a_time() as state:
        PACKAGES.install(state / "redmine-packages.log", say)

        def fill(folder: Path) -> None:
            say("initialising a Redmine database with a project in it")
            make_template(folder)

        return Installation(made_once(state, "redmine-site", fingerprint(*SOURCES), fill))


def make_template(folder: Path) -> None:
    """Copy the program, since it looks for database, secrets and caches of an instance below itself."""
    site = folder / "site"
    shutil.copytree(PROGRAM, site, ignore=shutil.ignore_patterns("instances", "Gemfile.lock", "database.yml"))
    instance = site / INSTANCE
    for needed in ("config", "log", "files", "tmp/cache"):
        (instance / needed).mkdir(parents=True)
    (instance / "config" / "secret_key.txt").write_text(secrets.token_hex(64), encoding="ascii")
    (site / "Gemfile.local").write_text(GEMS, encoding="ascii")
    environment = configure(folder)
    # Bundler writes what it resolved beside the Gemfile, of the gems that are installed.
    run(["/usr/bin/env", "-C", site, "bundle", "lock", "--local"], folder / "bundle.log", environment)
    run(["/usr/bin/env", "-C", site, "bin/rake", "db:migrate"], folder / "migrate.log", environment)
    seed: list[str | Path] = ["/usr/bin/env", "-C", site, "bin/rails", "runner", DELIVERIES]
    said = run(seed, folder / "seed.log", environment)
    keys = dict(re.findall(r"^KEY (\S+) (\S+)$", said, re.MULTILINE))
    if not keys:
        raise SetUpFailed(f"Redmine made no key:\n{said}")
    (folder / "keys.json").write_text(json.dumps(keys), encoding="utf-8")


def configure(folder: Path) -> Mapping[str, str]:
    """Write where the database in `folder` is; the environment that makes Redmine read it."""
    site = folder / "site"
    database = site / INSTANCE / DATABASE
    settings = f"production:\n  adapter: sqlite3\n  database: {database}\n  timeout: 15000\n"
    for place in (site / INSTANCE / "config", site / "config"):
        (place / "database.yml").write_text(settings, encoding="utf-8")
    return {
        "RAILS_ENV": "production",
        "BUNDLE_GEMFILE": str(site / "Gemfile"),
        "LC_ALL": "C.UTF-8",
        "TZ": "Asia/Shanghai",  # never UTC: whoever sends it a time must not get away with forgetting its zone
    }


def server(folder: Path, port: int, key: str) -> Server:
    """Redmine on the database in `folder`; ready when it knows this key."""
    site = folder / "site"
    command: list[str | Path] = [
        "/usr/bin/env", "-C", site, "puma", "--environment", "production", "--bind", f"tcp://127.0.0.1:{port}",
        "--threads", f"1:{THREADS}", "config.ru",
    ]  # fmt: skip
    current = f"http://127.0.0.1:{port}/users/current.json?key={key}"
    return Server("Redmine", command, folder / "server.log", lambda: answers(current, 200), configure(folder))
