"""Limits on ingesting a file that somebody sent: rows, unpacked size, memory, disk and processor time."""

from dataclasses import dataclass

MB = 1 << 20


@dataclass(frozen=True)
class ReadingLimits:
    """`rows` and `unpacked` (bytes): of a Parquet file, as its own footer tells them. `memory` (bytes): of the engine,
    which writes up to `disk` bytes of what does not fit beside it. `seconds`: of a processor, and `seconds_per_mb` more
    for each megabyte of the file."""

    rows: int = 5_000_000
    unpacked: int = 4096 * MB
    memory: int = 2048 * MB
    disk: int = 2048 * MB
    seconds: int = 30
    seconds_per_mb: int = 3

    def seconds_for(self, size: int) -> int:
        """For a file of so many bytes."""
        return self.seconds + self.seconds_per_mb * (size // MB)
