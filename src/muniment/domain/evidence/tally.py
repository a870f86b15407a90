"""What an engine returns: for one measure and month, how many rows had each disposition, and the sums."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Tally:
    """Every row of the month is in exactly one of the five counts. `left_out` has a count per rule, in rule order.

    `in_total`: rows in the denominator that are not counted. `rejected`: rows that were set aside by name. The sums are
    exact and are 0 where a measure sums nothing: `sum_all` over in-total and counted rows, `sum_counted` over counted
    rows.
    """

    out_of_scope: int
    left_out: tuple[int, ...]
    in_total: int
    counted: int
    sum_all: Decimal = Decimal(0)
    sum_counted: Decimal = Decimal(0)
    rejected: int = 0

    @classmethod
    def empty(cls, rules: int) -> "Tally":
        return cls(0, (0,) * rules, 0, 0)

    @property
    def rows(self) -> int:
        return self.out_of_scope + sum(self.left_out) + self.in_total + self.counted + self.rejected

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            out_of_scope=self.out_of_scope + other.out_of_scope,
            left_out=tuple(a + b for a, b in zip(self.left_out, other.left_out, strict=True)),
            in_total=self.in_total + other.in_total,
            counted=self.counted + other.counted,
            sum_all=self.sum_all + other.sum_all,
            sum_counted=self.sum_counted + other.sum_counted,
            rejected=self.rejected + other.rejected,
        )
