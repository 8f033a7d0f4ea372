"""Places where a test lets a process die at once, as if its power were cut.

`QUAYSIDE_FAILPOINT=name:n` ends the process by SIGKILL when it passes `name` for the n-th time. Without the variable
a failpoint costs one comparison.
"""

import os
import signal
from collections import Counter

VARIABLE = "QUAYSIDE_FAILPOINT"

_passed: Counter[str] = Counter()
_armed, _, _at = os.environ.get(VARIABLE, "").rpartition(":")


def failpoint(name: str) -> None:
    """Pass a failpoint; where it is the armed one, the process ends here."""
    if name != _armed:
        return
    _passed[name] += 1
    if _passed[name] == int(_at):
        os.kill(os.getpid(), signal.SIGKILL)
