"""Ids of things, read: which table or KPI and which month a subject is about."""

from dataclasses import dataclass

from muniment.domain.kernel.period import Month
from muniment.domain.record.refused import Refused


@dataclass(frozen=True)
class Subject:
    """cssc/calls/2019-09/s1: `thing` cssc/calls/2019-09, `name` calls."""

    id: str
    contract: str
    name: str
    month: Month

    @property
    def thing(self) -> str:
        return f"{self.contract}/{self.name}/{self.month}"

    @property
    def month_thing(self) -> str:
        return f"{self.contract}/{self.month}"


def subject_of(text: str, *, letter: str, what: str) -> Subject:
    """The id of a submission (s), challenge (q), dispute (d) or mitigation (g). Raises Refused for anything else."""
    parts = text.split("/")
    example = f"cssc/calls/2019-09/{letter}1"
    if len(parts) == 4 and parts[3].startswith(letter) and parts[3][1:].isdecimal():
        try:
            return Subject(text, parts[0], parts[1], Month.parse(parts[2]))
        except ValueError:
            pass
    raise Refused("subject", f"'{text}' is not the id of a {what}", f"write it like {example}")
