"""A measure: a rule that gives every row of one table exactly one disposition."""

from dataclasses import dataclass
from typing import Literal

from muniment.domain.language.tree import Condition

Shape = Literal["ratio_of_rows", "number_of_rows", "ratio_of_sums"]


@dataclass(frozen=True)
class LeftOutRule:
    """Rows that the agreed text leaves out, under the name it gives them."""

    name: str
    when: Condition


@dataclass(frozen=True)
class Measure:
    """A row is, in this order: out of scope (fails `scope`), left out (the first rule that matches), counted
    (meets `counted`), or in total but not counted.

    ratio_of_rows: counted rows / all rows left.  number_of_rows: the rows left (`counted` is Always, no denominator).
    ratio_of_sums: the sum of `sum_all` over the rows left is the denominator; the numerator is the sum of `sum_counted`
    over the counted rows. With a condition (`sum_if`), `sum_counted` is `sum_all`; with two columns, `counted` is
    Always.
    """

    name: str
    table: str
    shape: Shape
    scope: Condition
    left_out: tuple[LeftOutRule, ...]
    counted: Condition
    sum_all: str | None = None
    sum_counted: str | None = None
