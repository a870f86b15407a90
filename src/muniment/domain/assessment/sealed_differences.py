"""What differs between two sealed statements: inputs first, with the cause they show, then KPIs, points and pounds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from muniment.domain.assessment.status import CATEGORY_NAMES, STATUS_NAMES
from muniment.domain.kernel.fingerprint import Json, canonical_json
from muniment.domain.kernel.money import Money

DifferenceKind = Literal["input", "kpi", "points", "credit"]
Cause = Literal[
    "late evidence", "challenge upheld", "mitigation decision", "retroactive notice", "calendar", "opening balances"
]
_Object = dict[str, Json]

CAUSES: tuple[tuple[str, Cause], ...] = (
    ("challenges", "challenge upheld"),
    ("submissions", "late evidence"),
    ("mitigations", "mitigation decision"),
    ("notices", "retroactive notice"),
    ("regimes", "retroactive notice"),
    ("calendars", "calendar"),
    ("opening_runs", "opening balances"),
)
KPI_PARTS = ("status", "category", "band", "rule", "target", "minimum", "mitigation", "suspension", "period")
MEASURED_PARTS = ("numerator", "denominator", "value", "rounding", "dispositions")
RELIEVED_PARTS = ("relieved_rows", "relieved_value", "relieved_status")
ABSENT = "none"
_STATUSES: Mapping[str, str] = {str(code): name for code, name in STATUS_NAMES.items()}
_CATEGORIES: Mapping[str, str] = {str(code): name for code, name in CATEGORY_NAMES.items()}
NAMES = {"status": _STATUSES, "relieved_status": _STATUSES, "band": _STATUSES, "category": _CATEGORIES}
"""Part of a KPI -> what each of its codes is called."""
DISPOSITIONS = {
    "counted": "counted",
    "in_total": "in total but not counted",
    "out_of_scope": "out of scope",
    "rejected": "rejected",
}


@dataclass(frozen=True)
class Difference:
    """`of`: the id of an input, a KPI's code, or a part of the credit. `part`: what of it. `before` and `after` are as
    people read them; 'none' where there was nothing. `cause` is given for inputs."""

    kind: DifferenceKind
    of: str
    part: str
    before: str
    after: str
    cause: Cause | None = None

    def __str__(self) -> str:
        why = f" ({self.cause})" if self.cause else ""
        return f"{self.of}, {self.part}: {self.before} -> {self.after}{why}"


def statement_differences(before: _Object, after: _Object) -> tuple[Difference, ...]:
    """Everything that differs between two values of `sealed_of`: inputs, then KPIs, points, pounds."""
    return (
        *_inputs(_part(before, "inputs"), _part(after, "inputs")),
        *_kpis(before, after),
        *_points(before, after),
        *_credit(_part(before, "statement"), _part(after, "statement")),
    )


def causes_of(found: tuple[Difference, ...]) -> tuple[Cause, ...]:
    """The causes that differing inputs show, each once, in the order of CAUSES; none where no input differs."""
    shown = {difference.cause for difference in found if difference.cause is not None}
    return tuple(cause for cause in dict.fromkeys(cause for _, cause in CAUSES) if cause in shown)


def _inputs(before: _Object, after: _Object) -> Iterator[Difference]:
    for name, cause in CAUSES:
        old, new = _named(before.get(name)), _named(after.get(name))
        for key in sorted({*old, *new}):
            was, now = old.get(key, ABSENT), new.get(key, ABSENT)
            if was != now:
                yield Difference("input", key, name.replace("_", " "), was, now, cause)


def _named(items: Json) -> dict[str, str]:
    """The items of an input by what names each: a submission by its table and month, so that s2 replaces s1."""
    found: dict[str, str] = {}
    for item in items if isinstance(items, list) else []:
        if isinstance(item, dict) and "table" in item:
            key = f"{item['table']}/{item['period']}"
            found[key] = f"{item['id']}, {item['standing']}{_without(item)}, sha256 {str(item['sha256'])[:12]}"
        elif isinstance(item, dict):
            found[str(item["id"])] = str(item["outcome"])
        elif isinstance(item, list):
            found[str(item[0])] = str(item[1])[:12]
        else:
            found[str(item)] = "in effect"
    return found


def _without(submission: _Object) -> str:
    rejected = submission.get("rejected")
    return f" without {', '.join(str(row) for row in rejected)}" if isinstance(rejected, list) else ""


def _kpis(before: _Object, after: _Object) -> Iterator[Difference]:
    for code, old, new in _paired(before, after):
        if not old or not new:
            yield Difference("kpi", code, "in force", "yes" if old else "no", "yes" if new else "no")
            continue
        yield from _parts("kpi", code, _part(old, "measured"), _part(new, "measured"), MEASURED_PARTS)
        yield from _parts("kpi", code, old, new, KPI_PARTS)
        yield from _parts("kpi", code, _relieved(old), _relieved(new), RELIEVED_PARTS)


def _relieved(result: _Object) -> _Object:
    return {f"relieved_{name}": value for name, value in _part(result, "relieved").items()}


def _points(before: _Object, after: _Object) -> Iterator[Difference]:
    for code, old, new in _paired(before, after):
        if old and new:
            yield from _parts(
                "points", code, _part(old, "points"), _part(new, "points"), ("base", "run", "multiplier", "points")
            )
    totals = [_part(sealed, "statement").get("points") for sealed in (before, after)]
    if totals[0] != totals[1]:
        yield Difference("points", "all KPIs", "points", _words(totals[0]), _words(totals[1]))


def _credit(before: _Object, after: _Object) -> Iterator[Difference]:
    old, new = _part(before, "credit"), _part(after, "credit")
    for part in ("base", "before_cap", "cap", "due"):
        if old.get(part) != new.get(part):
            yield Difference("credit", "credit", part.replace("_", " "), _pounds(old.get(part)), _pounds(new.get(part)))
    yield from _parts("credit", "credit", old, new, ("free_points", "chargeable_points", "per_point", "is_suspended"))


def _paired(before: _Object, after: _Object) -> Iterator[tuple[str, _Object, _Object]]:
    old, new = _by_code(before), _by_code(after)
    for code in dict.fromkeys((*old, *new)):
        yield code, old.get(code, {}), new.get(code, {})


def _by_code(sealed: _Object) -> dict[str, _Object]:
    results = sealed.get("results")
    listed = results if isinstance(results, list) else []
    return {str(result["kpi"]): result for result in listed if isinstance(result, dict)}


def _parts(kind: DifferenceKind, of: str, old: _Object, new: _Object, parts: tuple[str, ...]) -> Iterator[Difference]:
    for part in parts:
        if old.get(part) != new.get(part):
            before, after = (_words_of(part, side.get(part)) for side in (old, new))
            yield Difference(kind, of, part.replace("_", " "), before, after)


def _part(value: _Object, name: str) -> _Object:
    part = value.get(name)
    return part if isinstance(part, dict) else {}


def _words_of(part: str, value: Json) -> str:
    if part == "dispositions" and isinstance(value, dict):
        return ", ".join(_dispositions(value)) or "no rows"
    if isinstance(value, str) and part in NAMES:
        return NAMES[part].get(value, value)
    return _words(value)


def _dispositions(counts: _Object) -> Iterator[str]:
    """462 counted, 37 in total but not counted, 2 left out (test calls)."""
    for name, said in DISPOSITIONS.items():
        if counts.get(name):
            yield f"{counts[name]} {said}"
    left_out = counts.get("left_out")
    for rule in left_out if isinstance(left_out, list) else []:
        if isinstance(rule, list) and rule[1]:
            yield f"{rule[1]} left out ({rule[0]})"


def _words(value: Json) -> str:
    if value is None:
        return ABSENT
    if isinstance(value, dict) and "level" in value:
        set_by = value["notice"]
        return f"{value['level']} ({set_by})" if set_by else str(value["level"])
    return str(value) if isinstance(value, str | int) else canonical_json(value).decode()


def _pounds(pence: Json) -> str:
    return str(Money(pence)) if isinstance(pence, int) else ABSENT
