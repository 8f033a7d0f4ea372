"""Set up Tryton from nothing: environment, database, company. Each is made once and kept in the state folder."""

import json
import sqlite3
import venv
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.systems.installations import fingerprint, made_once, one_at_a_time
from tests.systems.processes import Say, Server, answers, free_port, run
from tests.systems.tryton.company import first_key, open_company
from tests.systems.tryton.rest import Rest, Row

HERE = Path(__file__).parent
REQUIREMENTS = HERE / "requirements.txt"
SOURCES = (REQUIREMENTS, HERE / "company.py", HERE / "installation.py")
MODULES = ("sale", "stock", "carrier", "stock_package_shipping", "sale_supply_production", "sale_complaint")
DATABASE = "erp"
PASSWORD = "yangtze-gear-1"


@dataclass(frozen=True)
class Installation:
    """An environment with Tryton in it, and a folder with an initialised database and its `company.json`."""

    programs: Path
    template: Path

    def company(self) -> Row:
        row: Row = json.loads((self.template / "company.json").read_text(encoding="utf-8"))
        return row

    def copy_to(self, folder: Path) -> None:
        """A copy by SQLite itself: Tryton leaves what it wrote last in a write-ahead log beside the file."""
        file = f"{DATABASE}.sqlite"
        with closing(sqlite3.connect(self.template / file)) as kept, closing(sqlite3.connect(folder / file)) as new:
            kept.backup(new)


def prepare(say: Say) -> Installation:
    """The installation, from the state folder when nothing that it is made from has changed.

    Raises:
        SetUpFailed: a step ended with an error; the sentence ends with the step's last lines.
    """
    with one_at_a_time() as state:

        def install(folder: Path) -> None:
            say("installing Tryton into an environment of its own")
            venv.create(folder, with_pip=True, clear=True)
            pip: list[str | Path] = [folder / "bin" / "python", "-m", "pip", "--disable-pip-version-check"]
            run([*pip, "install", "--no-deps", "-r", REQUIREMENTS], folder / "pip.log")

        environment = made_once(state, "tryton-environment", fingerprint(REQUIREMENTS), install)

        def fill(folder: Path) -> None:
            say("initialising a Tryton database and opening a company in it")
            make_template(environment / "bin", folder)

        template = made_once(state, "tryton-database", fingerprint(*SOURCES), fill)
        return Installation(environment / "bin", template)


def make_template(programs: Path, folder: Path) -> None:
    database = folder / f"{DATABASE}.sqlite"
    database.touch()  # without the empty file Tryton says that the database does not exist
    port = free_port()
    configuration = configure(folder, port)
    password = folder / "password"
    password.write_text(PASSWORD, encoding="utf-8")
    run(
        [programs / "trytond-admin", "-c", configuration, "-d", DATABASE,
         "-u", *MODULES, "--activate-dependencies", "--email", "admin@quayside.test"],
        folder / "init.log",
        {"TRYTONPASSFILE": str(password)},
    )  # fmt: skip
    running = server(programs, folder, port)
    running.start()
    try:
        url = f"http://127.0.0.1:{port}"
        key = first_key(url, DATABASE, PASSWORD)
        with Rest(url, DATABASE, key) as rest:
            company = open_company(rest) | {"clerk_key": key}
    finally:
        running.stop()
    (folder / "company.json").write_text(json.dumps(company), encoding="utf-8")


def configure(folder: Path, port: int) -> Path:
    path = folder / "trytond.conf"
    path.write_text(
        f"[database]\nuri = sqlite://\npath = {folder}\n[web]\nlisten = 127.0.0.1:{port}\n", encoding="utf-8"
    )
    return path


def server(programs: Path, folder: Path, port: int) -> Server:
    """Tryton on the database in `folder`; ready when it asks for a key."""
    command: list[str | Path] = [programs / "trytond", "-c", configure(folder, port), "-d", DATABASE]
    sales = f"http://127.0.0.1:{port}/{DATABASE}/rest/model/sale.sale"
    return Server("Tryton", command, folder / "server.log", lambda: answers(sales, 401), {})
