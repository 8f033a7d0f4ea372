"""A failpoint ends the process as a power cut would: at its n-th passing, and only where it is armed."""

import os
import signal
import subprocess
import sys

import pytest

from streams.failpoints import VARIABLE

PROGRAM = """
from streams.failpoints import failpoint
for number in range(3):
    print(number, flush=True)
    failpoint("here")
"""


@pytest.mark.parametrize(
    ("armed", "code", "printed"),
    [("here:2", -signal.SIGKILL, "0\n1\n"), ("elsewhere:1", 0, "0\n1\n2\n"), ("", 0, "0\n1\n2\n")],
)
def test_a_process_ends_at_the_passing_that_was_asked_for(armed: str, code: int, printed: str) -> None:
    environment = {**os.environ, VARIABLE: armed}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout) == (code, printed)
