"""KPIs: levels and ladders checked, defaults filled in, points by band."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from muniment.domain.kernel.period import PeriodLength
from muniment.domain.kernel.problem import Place, Problem, suggestion
from muniment.domain.kernel.quantity import Rounding
from muniment.domain.regime import nodes
from muniment.domain.regime.levels import Band, BandStatus, Level
from muniment.domain.regime.measures import Measure
from muniment.domain.regime.nodes import Source
from muniment.domain.regime.text import KpiText, NoActivity, NoEvidence, RegimeText, RepeatFailureText, SmallVolumeText

STANDARD_ROUNDING = Rounding(2)


@dataclass(frozen=True)
class Kpi:
    """One KPI in force. `owner`: who answers for it, an office or a team. `points`: service points by band name; a
    monitored KPI has none."""

    code: str
    title: str
    area: str
    clause: str | None
    owner: str | None
    measure: Measure
    measure_source: Source
    unit: str
    length: PeriodLength
    rounding: Rounding
    bands: tuple[Band, ...]
    target: Level
    target_source: Source
    minimum: Level
    minimum_source: Source
    points: Mapping[str, int]
    repeat_failure: RepeatFailureText | None
    small_volume: SmallVolumeText | None
    no_activity: NoActivity
    no_evidence: NoEvidence

    @property
    def is_percent(self) -> bool:
        return self.unit == "percent"

    @property
    def is_monitored(self) -> bool:
        """Reported, never pointed."""
        return not any(self.points.values())


@dataclass(frozen=True)
class KpiSite:
    """A KPI's text and node in the consolidated tree, with what it refers to."""

    code: str
    text: KpiText
    node: nodes.MappingNode
    regime: RegimeText
    areas: Mapping[str, str]
    measures: Mapping[str, Measure]
    notice_of_file: Mapping[str, str]

    @property
    def unit(self) -> str:
        return self.text.unit or self.regime.defaults.unit

    @property
    def rounding(self) -> Rounding:
        return self.text.round or self.regime.defaults.round or STANDARD_ROUNDING

    def place(self, *path: str) -> Place:
        return nodes.place_at(self.node, path)

    def source(self, *path: str) -> Source:
        place = self.place(*path)
        return Source(place, self.notice_of_file.get(place.file))


def kpi_of(site: KpiSite) -> tuple[Kpi | None, tuple[Problem, ...]]:
    """The KPI, or everything that is wrong with it. A measure that is itself wrong is reported there, not here."""
    bands, problems = _ladder(site) if site.text.bands is not None else _two_lines(site)
    problems += [*_reference_problems(site), *_unit_problems(site, bands), *_points_problems(site, bands)]
    problems += _small_volume_problems(site)
    measure = site.measures.get(site.text.measure)
    if problems or measure is None or not bands:
        return None, tuple(problems)
    target, minimum = _lines(bands)
    text, defaults = site.text, site.regime.defaults
    repeat_failure = text.repeat_failure or defaults.repeat_failure
    line = ("bands",) if text.bands is not None else None
    return Kpi(
        code=site.code,
        title=text.title,
        area=text.area,
        clause=text.clause,
        owner=text.owner,
        measure=measure,
        measure_source=site.source("measure"),
        unit=site.unit,
        length=text.period or defaults.period,
        rounding=site.rounding,
        bands=bands,
        target=target,
        target_source=site.source(*(line or ("target",))),
        minimum=minimum,
        minimum_source=site.source(*(line or ("minimum",))),
        points=_points(site, bands),
        repeat_failure=site.regime.repeat_failures.get(repeat_failure) if repeat_failure else None,
        small_volume=text.small_volume,
        no_activity=text.no_activity or defaults.no_activity,
        no_evidence=text.no_evidence or defaults.no_evidence,
    ), ()


def _two_lines(site: KpiSite) -> tuple[tuple[Band, ...], list[Problem]]:
    target, minimum = site.text.target, site.text.minimum
    if target is None or minimum is None:
        missing = "target" if target is None else "minimum"
        what = f"{site.code} has no '{missing}'"
        remedy = f"add '{missing}:' (repeat the other line where the schedule has only one), or give 'bands:'"
        return (), [Problem(site.node.place, "R070", what, remedy)]
    problems = []
    if not minimum.allows(target):
        what = f"the minimum ({minimum}) is stricter than the target ({target})"
        if minimum.lower_is_better != target.lower_is_better and "exactly" not in (minimum.operator, target.operator):
            what = f"the minimum ({minimum}) and the target ({target}) point in different directions"
        line = "target" if site.source("target").notice and not site.source("minimum").notice else "minimum"
        problems.append(Problem(site.place(line), "R071", what, "swap or correct them"))
    bands = (
        Band("met_target", target, "met_target"),
        Band("below_target", minimum, "below_target"),
        Band("below_minimum", None, "below_minimum"),
    )
    return bands, problems


def _ladder(site: KpiSite) -> tuple[tuple[Band, ...], list[Problem]]:
    edges = list((site.text.bands or {}).items())
    place = site.place("bands")
    if site.text.target is not None or site.text.minimum is not None:
        return (), [Problem(place, "R072", f"{site.code} has both 'bands' and 'target' or 'minimum'", "keep one form")]
    if len(edges) < 3 or edges[-1][1] != "anything worse":
        what = "a ladder ends with 'anything worse' and has at least two edges before it"
        return (), [Problem(place, "R073", what, "write {met_target: at least 99%, ..., threshold: anything worse}")]
    levels = [(name, edge) for name, edge in edges[:-1] if isinstance(edge, Level)]
    if len(levels) != len(edges) - 1:
        return (), [Problem(place, "R074", "only the last band can be 'anything worse'", "give the others an edge")]
    problems = []
    for (_, better), (name, worse) in pairwise(levels):
        is_alike = worse.operator == better.operator
        is_worse = worse.allows(better) and worse.edge != better.edge
        if worse.operator != levels[0][1].operator or (is_alike and not is_worse):
            what = f"the edge of '{name}' ({worse}) is not worse than the one before it ({better})"
            problems.append(
                Problem(site.place("bands", name), "R075", what, "list the bands best to worst, one operator")
            )
    below = site.text.below_minimum_from or edges[-1][0]
    names = [name for name, _ in edges]
    if below not in names[1:]:
        remedy = suggestion(below, names[1:], "name a band after the first")
        problems.append(
            Problem(site.place("below_minimum_from"), "R076", f"there is no band '{below}' to be below", remedy)
        )
        return (), problems
    return tuple(
        Band(name, edge if isinstance(edge, Level) else None, _standing(position, names.index(below)))
        for position, (name, edge) in enumerate(edges)
    ), problems


def _standing(position: int, below: int) -> BandStatus:
    if position == 0:
        return "met_target"
    return "below_target" if position < below else "below_minimum"


def _lines(bands: tuple[Band, ...]) -> tuple[Level, Level]:
    """The target line and the minimum line: the first edge, and the last edge that is not below minimum."""
    levels = [band.level for band in bands if band.level is not None and band.standing != "below_minimum"]
    return levels[0], levels[-1]


def _reference_problems(site: KpiSite) -> Iterator[Problem]:
    text, regime = site.text, site.regime
    if text.area not in site.areas:
        remedy = suggestion(text.area, site.areas, "name an area of contract.yaml")
        yield Problem(site.place("area"), "R080", f"there is no area '{text.area}'", remedy)
    if text.measure not in regime.measures:
        remedy = suggestion(text.measure, regime.measures, "add it to 'measures:'")
        yield Problem(site.place("measure"), "R081", f"there is no measure '{text.measure}'", remedy)
    if text.repeat_failure is not None and text.repeat_failure not in regime.repeat_failures:
        remedy = suggestion(text.repeat_failure, regime.repeat_failures, "add it to 'repeat_failures:'")
        what = f"there is no repeat-failure rule '{text.repeat_failure}'"
        yield Problem(site.place("repeat_failure"), "R082", what, remedy)


def _unit_problems(site: KpiSite, bands: tuple[Band, ...]) -> Iterator[Problem]:
    is_percent = site.unit == "percent"
    for band in bands:
        if band.level is None:
            continue
        path = ("bands", band.name) if site.text.bands is not None else (_line_name(band),)
        if band.level.is_percent != is_percent:
            what = f"'{band.level}' does not fit a KPI in {site.unit}"
            remedy = f"write '{band.level.operator} {band.level.edge:f}{'%' if is_percent else ''}'"
            yield Problem(site.place(*path), "R083", what, remedy)
        if band.level.decimals > site.rounding.places:
            what = (
                f"{path[-1]} '{band.level}' has more decimals than the rounding keeps ({site.rounding.places} dp): "
                "a value could fall between the bands"
            )
            yield Problem(site.place(*path), "R084", what, "round to as many decimals as the levels have")
    measure = site.measures.get(site.text.measure)
    if measure is not None and is_percent != (measure.form != "number_of_rows"):
        form = "counts rows" if measure.form == "number_of_rows" else "is a ratio"
        what = f"{site.code} is in {site.unit}, but its measure '{measure.name}' {form}"
        remedy = "give 'unit:' what is counted" if is_percent else "use 'unit: percent'"
        yield Problem(site.place("unit"), "R085", what, remedy)


def _line_name(band: Band) -> str:
    return "target" if band.name == "met_target" else "minimum"


def _points_problems(site: KpiSite, bands: tuple[Band, ...]) -> Iterator[Problem]:
    text, regime = site.text, site.regime
    given = _points_given(site)
    names = [band.name for band in bands]
    if isinstance(given, str):
        scale = regime.points_scales.get(given)
        if scale is None:
            if text.points is not None:
                remedy = suggestion(given, regime.points_scales, "add it to 'points_scales:'")
                yield Problem(site.place("points"), "R086", f"there is no points scale '{given}'", remedy)
            return
    else:
        scale = given or {}
    for name in scale:
        if bands and name not in names:
            remedy = suggestion(name, names, f"this KPI's bands are {', '.join(names)}")
            yield Problem(site.place("points", name), "R087", f"{site.code} has no band '{name}'", remedy)


def _points_given(site: KpiSite) -> str | dict[str, int] | None:
    return site.regime.defaults.points if site.text.points is None else site.text.points


def _points(site: KpiSite, bands: tuple[Band, ...]) -> dict[str, int]:
    given = _points_given(site)
    scale = site.regime.points_scales.get(given, {}) if isinstance(given, str) else given or {}
    return {band.name: scale.get(band.name, 0) for band in bands}


def _small_volume_problems(site: KpiSite) -> Iterator[Problem]:
    rule = site.text.small_volume
    if rule is None:
        return
    place = site.place("small_volume")
    if (rule.then == "allow_failures") != (rule.failures is not None):
        what = "'failures' goes with 'then: allow_failures', and only with it"
        yield Problem(place, "R088", what, "write {fewer_than: 20, then: allow_failures, failures: 1}")
    measure = site.measures.get(site.text.measure)
    if measure is not None and measure.form != "ratio_of_rows":
        what = f"a small-volume rule needs a ratio of rows, and '{measure.name}' is none"
        yield Problem(place, "R089", what, "remove the rule")
