"""How soon the command line answers: `muniment --help` against the bare interpreter (goal P11: at most 5 times).

Whole processes, run in turn so that both meet the same machine; medians.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROUNDS = 21
GOAL = 5
NOTHING = (sys.executable, "-c", "pass")
HELP = (str(Path(sys.executable).with_name("muniment")), "--help")


def seconds(command: Sequence[str]) -> float:
    """How long a whole process takes, by the clock on the wall."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> int:
    seconds(NOTHING), seconds(HELP)  # the first run of each pays for a cold page cache
    rounds = [(seconds(NOTHING), seconds(HELP)) for _ in range(ROUNDS)]
    nothing, answer = (statistics.median(column) for column in zip(*rounds, strict=True))
    ratio = answer / nothing
    print(f"python -c pass   {nothing * 1000:6.1f} ms")
    print(f"muniment --help  {answer * 1000:6.1f} ms")
    print(f"P11: {ratio:.2f} times, goal at most {GOAL}: {'met' if ratio <= GOAL else 'MISSED'}")
    return 0 if ratio <= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
