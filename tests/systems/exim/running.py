"""Set up Exim from Debian's package and run it.

The package is unpacked and not installed, because a machine has one mail server at most. Exim insists on a user of its
own, so it sees lists of users that have one; that, and being a mail server at all, takes root.
"""

import os
import shutil
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from tests.connectors.mail_server import HOST, SECRET, USER, self_signed
from tests.systems.installations import fingerprint, made_once, one_at_a_time
from tests.systems.processes import Say, Server, SetUpFailed, free_port, run

HERE = Path(__file__).parent
PACKAGE = "exim4-daemon-light"
LIBRARIES = ("libdb5.3", "libgnutls-dane0", "libidn12", "libnsl2", "libpcre2-8-0")
NOBODY = 65534
_OWN = "Debian-exim:x:65533:"
_USERS: Mapping[str, str] = {
    "/etc/passwd": f"{_OWN}65534::/nonexistent:/usr/sbin/nologin\n",
    "/etc/group": f"{_OWN}\n",
}
_INSIDE = 'mount --bind "$1/passwd" /etc/passwd && mount --bind "$1/group" /etc/group && shift && exec "$@"'


@dataclass(frozen=True)
class Exim:
    """A running server. certificate: who vouches for it."""

    url: str
    certificate: Path
    folder: Path

    def letters(self) -> list[EmailMessage]:
        """What arrived, the oldest first."""
        files = sorted((self.folder / "mail" / "new").glob("*"), key=lambda file: file.stat().st_mtime_ns)
        return [message_from_bytes(file.read_bytes(), policy=default) for file in files]


def prepare(say: Say) -> Path:
    """The unpacked package; raises SetUpFailed where a step ended with an error."""
    if os.geteuid() != 0:
        raise SetUpFailed("Exim under a user of its own takes root")
    with one_at_a_time() as state:

        def fill(folder: Path) -> None:
            say("fetching Exim from Debian")
            quiet = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
            run(["/usr/bin/apt-get", "update", "-qq"], folder / "update.log", quiet)
            install = ["/usr/bin/apt-get", "install", "-y", "-qq", "--no-install-recommends", *LIBRARIES]
            run(install, folder / "libraries.log", quiet)
            fetch = ["/bin/sh", "-c", f'cd "{folder}" && apt-get download -qq {PACKAGE} && dpkg -x {PACKAGE}_*.deb .']
            run(fetch, folder / "package.log", quiet)

        return made_once(state, "exim", fingerprint(HERE / "running.py"), fill)


@contextmanager
def exim_in(folder: Path, say: Say) -> Iterator[Exim]:
    """Run it in an empty folder until the block ends."""
    program, port = prepare(say) / "usr" / "sbin" / "exim4", free_port()
    folder = Path(shutil.copytree(HERE / "site", folder / "site"))
    for name in ("spool", "mail"):
        (folder / name).mkdir()
        os.chown(folder / name, NOBODY, NOBODY)
    _let_in(folder)
    certificate = self_signed(folder / "certificate.pem")
    certificate.chmod(0o644)
    for path, line in _USERS.items():
        (folder / Path(path).name).write_text(Path(path).read_text(encoding="utf-8") + line, encoding="utf-8")
    names = {"FOLDER": folder, "PROGRAM": program, "HOST": HOST, "USER": USER, "SECRET": SECRET}
    macros = [f"-D{name}={value}" for name, value in names.items()]
    command: list[str | Path] = [
        program,
        "-C",
        folder / "exim.conf",
        *macros,
        "-bdf",
        "-oX",
        f"127.0.0.1.{port}",
        "-oP",
        folder / "pid",
    ]
    inside: list[str | Path] = ["/usr/bin/unshare", "--mount", "/bin/sh", "-c", _INSIDE, "sh", folder, *command]
    server = Server("Exim", inside, folder / "exim.log", lambda: _answers(port), {})
    server.start()
    try:
        yield Exim(f"smtp://127.0.0.1:{port}", certificate, folder)
    finally:
        server.stop()


def _let_in(folder: Path) -> None:
    """Let nobody, who writes the letters, pass through the test run's own folders."""
    for parent in (folder, *folder.parents):
        mode = parent.stat().st_mode
        if mode & 0o011 != 0o011:
            parent.chmod(mode | 0o011)


def _answers(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0
