"""What changed between two versions of a statement, and why: both are sealed values, nothing is computed again."""

from dataclasses import dataclass

from muniment.domain.assessment.sealed import sealed_fingerprint
from muniment.domain.assessment.sealed_differences import Cause, Difference, causes_of, differences
from muniment.domain.kernel.fingerprint import Json


@dataclass(frozen=True)
class Changed:
    """`before` and `after`: fingerprints of the two. `causes`: empty where outputs differ and no input does, which only
    another text of the measure or another engine can bring about."""

    before: str
    after: str
    differences: tuple[Difference, ...]
    causes: tuple[Cause, ...]

    @property
    def is_same(self) -> bool:
        return self.before == self.after


def changed(before: dict[str, Json], after: dict[str, Json]) -> Changed:
    """Compare two values of `sealed_of`."""
    found = differences(before, after)
    return Changed(sealed_fingerprint(before), sealed_fingerprint(after), found, causes_of(found))
