"""Being asked to end: SIGINT and SIGTERM as something to look at, so that what runs ends in good order."""

import signal
import time
from types import FrameType, TracebackType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Ending:
    """While it is entered, both signals only count. Enter it in the main thread."""

    def __init__(self) -> None:
        self.times = 0
        self._before: dict[int, object] = {}

    def __enter__(self) -> "Ending":
        for number in SIGNALS:
            self._before[number] = signal.signal(number, self._ask)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, wrong: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number in SIGNALS:
            signal.signal(number, self._before[number])  # type: ignore[arg-type]  # what signal() itself gave

    def is_asked_for(self, *, within: float) -> bool:
        """Whether anybody asked, after waiting so many seconds for it."""
        if not self.times:
            time.sleep(within)
        return self.times > 0

    def _ask(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002  # the system's signature
        self.times += 1
