"""Does a piece of work in a child process within limits, and says how such a process ended where it did not do it.

python -m muniment.adapters.ingestion.apart SECONDS BYTES DISK
is the child: it reads the work from its standard input, limits its own memory and time, does it and exits. The work
writes its answer to a file of its own. The child ends when that input does, for then whoever asked is gone.
"""

import os
import pickle
import resource
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import IO, Literal, Protocol

CHILD = "muniment.adapters.ingestion.apart"
OUT_OF_MEMORY = 3
_PATIENCE = 3
"""How much longer it may take where a machine is busy with other things."""

Ending = Literal["done", "too long", "too large", "died"]
_ENDINGS: Mapping[int, Ending] = {
    0: "done",
    -signal.SIGXCPU: "too long",
    -signal.SIGKILL: "too long",
    OUT_OF_MEMORY: "too large",
    -signal.SIGABRT: "too large",
    -signal.SIGSEGV: "too large",
    -signal.SIGXFSZ: "too large",
}
"""How a child ends -> what that says of the work. With any other code it died."""


class Work(Protocol):
    """What a child is sent, pickled. Raises MemoryError where its memory does not do."""

    def done(self) -> None:
        """Do it, and write the answer."""
        ...


@dataclass(frozen=True)
class Bounds:
    """`seconds`: of a processor. `memory`: bytes of addresses. `written`: bytes of any one file."""

    seconds: int
    memory: int
    written: int


def do_apart(work: Work, *, bounds: Bounds, temporary: Path, is_heard: bool = True) -> Ending:
    """How it ended. `temporary`: the child's folder for temporary files. `is_heard`: what it writes to its standard
    error is not lost. Nothing of it runs on afterwards."""
    limits = (str(bounds.seconds), str(bounds.memory), str(bounds.written))
    environment = {
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "TMPDIR": str(temporary),
        "MALLOC_ARENA_MAX": "1",  # else its watching thread alone sets 64 MB of addresses aside
    }
    child = subprocess.Popen(
        [sys.executable, "-P", "-m", CHILD, *limits],
        env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
        stderr=None if is_heard else subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    assert child.stdin is not None, "it was asked for"
    try:
        _tell(child.stdin, work)
        return _ENDINGS.get(child.wait(timeout=_PATIENCE * bounds.seconds), "died")
    except subprocess.TimeoutExpired:
        return "too long"
    finally:
        child.kill()
        child.wait()
        with suppress(BrokenPipeError):
            child.stdin.close()


def _tell(pipe: IO[bytes], work: Work) -> None:
    """The pipe stays open: its end tells the process that nobody waits for it any more."""
    with suppress(BrokenPipeError):  # it died already, and how is asked next
        pickle.dump(work, pipe)
        pipe.flush()


def limit(bounds: Bounds) -> None:
    """Let the kernel end this process where it takes more. It leaves no core behind. A limit that it was started under
    stays where that is lower."""
    limits = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: bounds.seconds,
        resource.RLIMIT_AS: bounds.memory,
        resource.RLIMIT_FSIZE: bounds.written,
    }
    for kind, bound in limits.items():
        hard = resource.getrlimit(kind)[1]
        lower = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        resource.setrlimit(kind, (lower, lower))


def _end_with_parent() -> None:
    while os.read(0, 1):
        pass
    os._exit(1)


def _main(arguments: list[str]) -> int:
    seconds, memory, written = (int(argument) for argument in arguments)
    # What the parent writes is its own; nothing of the file that was sent is in it.
    work: Work = pickle.load(sys.stdin.buffer)  # noqa: S301  # see above
    Thread(target=_end_with_parent, daemon=True).start()
    limit(Bounds(seconds, memory, written))
    try:
        work.done()
    except MemoryError:
        return OUT_OF_MEMORY
    return 0


if __name__ == "__main__":
    # At once: an engine that is taken down piece by piece complains of what it cannot know to be over.
    os._exit(_main(sys.argv[1:]))
