"""The agreed text whole, with every problem in it: parsed once for the same files, however often it is opened."""

from collections import OrderedDict
from collections.abc import Collection, Iterator, Mapping
from threading import Lock

from muniment.adapters.ingestion.zone import zone_names
from muniment.domain.kernel.problem import Problem, suggestion
from muniment.domain.portfolio.text import BoardPortfolio, read_portfolio
from muniment.domain.regime.agreed import AgreedText, read_agreed_text
from muniment.domain.regime.measures import Measure
from muniment.domain.regime.nodes import place_at

MOST_KEPT = 1_000_000
"""Characters of text that a process keeps parsed: parsed, they take some forty times as many bytes."""

ParsedText = tuple[AgreedText | None, BoardPortfolio, tuple[Problem, ...]]
_Key = tuple[tuple[tuple[str, str], ...], frozenset[str]]


def problems_of_text(texts: Mapping[str, str], *, adopted: Collection[str] = ()) -> ParsedText:
    """The agreed text whole, with every problem in it. `adopted`: the files that were adopted as they stand."""
    return _KEPT.parsed((tuple(texts.items()), frozenset(adopted)))


class _Kept:
    """What was parsed last, by all that it was parsed from."""

    def __init__(self) -> None:
        self._found: OrderedDict[_Key, ParsedText] = OrderedDict()
        self._lock = Lock()

    def parsed(self, key: _Key) -> ParsedText:
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key]
        texts, adopted = key
        found = _parsed(dict(texts), adopted)
        with self._lock:
            self._found[key] = found
            while len(self._found) > 1 and sum(map(_size, self._found)) > MOST_KEPT:
                self._found.popitem(last=False)
        return found


_KEPT = _Kept()


def _size(key: _Key) -> int:
    return sum(len(text) for _, text in key[0])


def _parsed(texts: Mapping[str, str], adopted: Collection[str]) -> ParsedText:
    text, problems = read_agreed_text(texts, adopted=adopted)
    problems = (*problems, *_zone_problems(text))
    measures: Mapping[str, Measure] = {}
    if text is not None and not any(problem.severity == "error" for problem in problems):
        measures = {measure.name: measure for measure in text.all_measures()}
    followed, more = read_portfolio(texts, measures=measures)
    if not measures:
        more = tuple(problem for problem in more if problem.code != "R120")
    return text, followed, (*problems, *more)


def _zone_problems(text: AgreedText | None) -> Iterator[Problem]:
    """A zone that does not exist would only be missed when a time is read in it."""
    if text is None or (zone := text.contract_text.zone) in (known := zone_names()):
        return
    remedy = suggestion(zone, known, "name a zone of the tz database, such as Europe/London")
    yield Problem(place_at(text.contract_node, ("zone",)), "R047", f"there is no time zone '{zone}'", remedy)
