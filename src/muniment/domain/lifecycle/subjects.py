"""Reads ids of submissions, challenges, disputes and mitigations; and puts what they are about into words."""

from dataclasses import dataclass

from muniment.domain.kernel.period import Month
from muniment.domain.record.act import RefusedError
from muniment.domain.record.index import is_month


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
    """The id of a submission (s), challenge (q), dispute (d) or mitigation (g). Raises RefusedError for anything
    else."""
    parts = text.split("/")
    example = f"cssc/calls/2019-09/{letter}1"
    if len(parts) == 4 and parts[3].startswith(letter) and parts[3][1:].isdecimal():
        try:
            return Subject(text, parts[0], parts[1], Month.parse(parts[2]))
        except ValueError:
            pass
    raise RefusedError("subject", f"'{text}' is not the id of a {what}", f"write it like {example}")


def thing_words(thing: str) -> str:
    """What a thing is called in a sentence: calls, September 2019, from cssc/calls/2019-09."""
    _, *parts = thing.split("/")
    months = [part for part in parts if is_month(part)]
    if len(months) != 1:
        return thing
    of, _, number = "/".join(parts).partition(months[0])
    name, number = of.strip("/"), number.strip("/")
    called = f"{name if name.isupper() else name.replace('_', ' ')}, " if name else ""
    return f"{f'{number} of ' if number else ''}{called}{Month.parse(months[0]).name}"
