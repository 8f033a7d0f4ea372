"""What a system needs of Debian's packages, installed once on the machine."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.systems.processes import Say, SetUpFailed, run


@dataclass(frozen=True)
class Packages:
    """system: whose they are. names: of the packages. preseed: answers to what they ask (debconf-set-selections)."""

    system: str
    names: tuple[str, ...]
    preseed: str

    def install(self, log: Path, say: Say) -> None:
        """Install them if need be, and none that they only recommend.

        Raises:
            SetUpFailed: it takes root and we are not, or it ended with an error.
        """
        if self._are_there():
            return
        if os.geteuid() != 0:
            raise SetUpFailed(f"as root, install the Debian packages {' '.join(self.names)}; then run this again")
        say(f"installing {self.system} from Debian's packages (about a minute)")
        quiet = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
        run(["/usr/bin/apt-get", "update", "-qq"], log, quiet)
        subprocess.run(["/usr/bin/debconf-set-selections"], input=self.preseed, text=True, check=True)
        run(["/usr/bin/apt-get", "install", "-y", "-qq", "--no-install-recommends", *self.names], log, quiet)

    def _are_there(self) -> bool:
        query = ["/usr/bin/dpkg-query", "--show", "--showformat", "${Status}\n", *self.names]
        found = subprocess.run(query, capture_output=True, text=True, check=False)
        return found.stdout.count("ok installed") == len(self.names)
