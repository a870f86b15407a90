"""Runs a Python module in a process that ends when its parent does.

`python -m muniment.installation.bound_process MODULE ARGUMENT...`

Whoever starts it keeps the other end of its standard input and writes nothing. However the parent ends, kill -9
included, the system closes that end; a thread here reads the end of the file and asks the module to stop, as SIGTERM
does. That holds on every Unix, where Linux alone would offer PR_SET_PDEATHSIG. gunicorn's own workers look after their
parent by themselves.
"""

import os
import runpy
import signal
import sys
import threading
import time

GRACE = 30
"""Seconds that the module has to finish what it is at."""


def run_until_parent_ends(module: str, *arguments: str) -> None:
    """Run the module as `python -m` would, until it ends or the parent does."""
    sys.argv = [module, *arguments]
    threading.Thread(target=_end_with_parent, args=(threading.main_thread(),), daemon=True).start()
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _end_with_parent(main: threading.Thread) -> None:
    while os.read(0, 1):
        pass
    # To the main thread itself: there Python handles signals, and there it may be asleep.
    signal.pthread_kill(main.ident or 0, signal.SIGTERM)
    time.sleep(GRACE)
    os._exit(1)


if __name__ == "__main__":
    run_until_parent_ends(*sys.argv[1:])
