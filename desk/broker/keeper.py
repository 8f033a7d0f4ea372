"""Keeps a child process only as long as its own standard input stays open.

The broker must not outlive who started it, even when that one is killed with -9 and can clean up nothing.
The kernel closes a dead process's pipes on every system, so between the two stands this small program: it
starts the command, reads its standard input, and ends the command when that ends. (Linux's
PR_SET_PDEATHSIG would need no keeper, but follows the death of a thread, not of a process, and exists
nowhere else.)

    python -I keeper.py COMMAND [ARGUMENT...]
"""

import os
import signal
import subprocess
import sys
import threading
from types import FrameType

PATIENCE_SECONDS = 20.0


def keep(command: list[str]) -> int:
    """Run the command until it ends by itself, standard input ends, or a signal asks; give its exit code."""
    # Blocked, not ignored, so that no signal falls between the child's start and the handlers.
    with_signals = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, with_signals)
    child = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        close_fds=False,  # the lock of the data folder is held by the one who writes there
        preexec_fn=lambda: signal.pthread_sigmask(signal.SIG_UNBLOCK, with_signals),  # noqa: PLW1509 one thread
    )

    def end(_number: int = 0, _frame: FrameType | None = None) -> None:
        child.terminate()

    for number in with_signals:
        signal.signal(number, end)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, with_signals)
    threading.Thread(target=end_with, args=(sys.stdin.fileno(), child), daemon=True).start()
    return child.wait()


def end_with(pipe: int, child: subprocess.Popen[bytes]) -> None:
    """End the child when the pipe (a file descriptor) does: asking first, by force after PATIENCE_SECONDS."""
    # Not through sys.stdin, whose lock this thread would still hold when the interpreter ends.
    while os.read(pipe, 1024):
        pass
    child.terminate()
    try:
        child.wait(PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()


if __name__ == "__main__":
    code = keep(sys.argv[1:])
    sys.exit(code if code >= 0 else 128 - code)
