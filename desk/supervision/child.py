"""A child process that ends with its parent, whose lines are passed on, and that is asked before it is killed.

It runs under `desk.broker.keeper`, which reads its own standard input: the kernel closes that when the parent dies,
even by -9.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from desk.broker import keeper

_CHUNK = 65536
_LONGEST_LINE = 1 << 20


class Child:
    """One child. on_line is given each line that it writes, to standard output or error, without its end.

    patience: seconds between being asked to end and being killed.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        on_line: Callable[[str, str], None],
        *,
        environ: Mapping[str, str] | None = None,
        patience: float = 30.0,
    ) -> None:
        self.name = name
        self._command = command
        self._on_line = on_line
        self._environ = environ
        self._patience = patience
        self._process: asyncio.subprocess.Process | None = None
        self._said = -1
        self._lifeline = -1

    async def start(self) -> None:
        """Start it, in a group of its own: Ctrl-C is for the parent, who then stops it."""
        # Pipes of our own: asyncio's would have a process count as running until every holder of them has ended.
        kept_alive_by, self._lifeline = os.pipe()
        self._said, says = os.pipe()
        try:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", keeper.__file__, *self._command),
                stdin=kept_alive_by,
                stdout=says,
                stderr=says,
                env=self._environ,
                start_new_session=True,
            )
        finally:
            os.close(kept_alive_by)
            os.close(says)

    async def ended(self) -> int:
        """Wait until it has ended and its last line was passed on; give its exit code, 128 + N for signal N."""
        process = self._started()
        passing = asyncio.create_task(self._pass_lines(), name=f"lines-of-{self.name}")
        code = await process.wait()
        self.kill()  # where the keeper alone was killed, what it kept is still there
        await passing
        os.close(self._lifeline)
        return code if code >= 0 else 128 - code

    async def stop(self) -> None:
        """Ask it to end, and kill it when it has not within its patience. Safe when it has ended already."""
        process = self._started()
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), self._patience)
        except TimeoutError:
            self._on_line(self.name, f"has not ended within {self._patience:g} seconds and is killed")
            self.kill()

    def kill(self) -> None:
        """Kill it and all that it started, at once."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def _started(self) -> asyncio.subprocess.Process:
        if self._process is None:
            message = f"{self.name} was not started"
            raise RuntimeError(message)
        return self._process

    async def _pass_lines(self) -> None:
        stream = asyncio.StreamReader()
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(stream), os.fdopen(self._said, "rb", buffering=0)
        )
        rest = b""
        while read := await stream.read(_CHUNK):
            *lines, rest = (rest + read).split(b"\n")
            if len(rest) > _LONGEST_LINE:
                lines, rest = [*lines, rest], b""
            for line in lines:
                self._on_line(self.name, line.decode("utf-8", "replace").rstrip("\r"))
        if rest:
            self._on_line(self.name, rest.decode("utf-8", "replace"))
        transport.close()
