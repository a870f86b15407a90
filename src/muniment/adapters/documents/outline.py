"""What a board report's page and PDF share: the sections in order, the status marks, and how to read them."""

from dataclasses import dataclass

from muniment.domain.board.report import AreaSection, BoardReport, Rating
from muniment.domain.regime.levels import BandStatus


@dataclass(frozen=True)
class Section:
    """A heading of the second rank. `area` is given where the section lists a service area's KPIs."""

    id: str
    title: str
    area: AreaSection | None = None


@dataclass(frozen=True)
class Mark:
    """A status as the tables print it, and what it means."""

    standing: BandStatus
    word: str
    meaning: str


MARKS = (
    Mark("met_target", "met target", "the value meets the Target Service Level (TSL)."),
    Mark("below_target", "below target", "the value misses the target and meets the Minimum Service Level (MSL)."),
    Mark("below_minimum", "below minimum", "the value misses the Minimum Service Level."),
)
READING = (
    (
        "Every status is a word and a shape. “Mitigated” is a second mark beside the status and changes neither the "
        "value nor the status."
    ),
    (
        "In a chart the target is the solid line and the minimum the dashed one; a step is a change of the level in "
        "force. A tick above the chart marks a change notice, and hatching marks mitigated months. A gap in the line "
        "is a month without a value, and a word says why."
    ),
)
SHAPE_OF: dict[Rating, BandStatus] = {"red": "below_minimum", "amber": "below_target", "green": "met_target"}


def sections_of(report: BoardReport) -> tuple[Section, ...]:
    found = [
        Section("changed", f"What changed since {report.changed_since}"),
        Section("waiting", "What waits for whom"),
        Section("summary", "Summary"),
        Section("failures", "Failures"),
        Section("mitigations", "Mitigations"),
        Section("credits", "Service credits"),
        Section("projects", "Projects"),
        Section("reading", "How to read the tables and charts"),
        *(Section(f"area-{n}", area.name, area) for n, area in enumerate(report.areas, start=1)),
        Section("about", "About this report"),
    ]
    empty = {"waiting"} if not report.waiting else set()
    empty |= {"projects"} if report.projects is None else set()
    return tuple(section for section in found if section.id not in empty)
