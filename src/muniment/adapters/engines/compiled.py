"""Caches the SQL text of measures' queries in memory.

sqlglot takes 0.3 s to import, so it is asked only for a new query.
"""

from functools import lru_cache

from muniment.domain.kernel.calendars import Calendar
from muniment.domain.regime.contract import Table
from muniment.domain.regime.measures import Measure

_MOST_KEPT = 512
Calendars = tuple[tuple[str, Calendar], ...]


@lru_cache(maxsize=_MOST_KEPT)
def tally_sql(
    *, source: str, table: Table, calendars: Calendars, measures: tuple[Measure, ...], sets_aside: bool = False
) -> tuple[str, tuple[int, ...]]:
    """The text of the query, and how many figures each measure has in its rows."""
    from muniment.adapters.engines.columns import Columns
    from muniment.adapters.engines.queries import tally_query

    columns = Columns(table=table, calendars=dict(calendars))
    query = tally_query(source=source, measures=measures, columns=columns, sets_aside=sets_aside)
    return query.sql, query.widths


@lru_cache(maxsize=_MOST_KEPT)
def sample_sql(*, source: str, table: Table, calendars: Calendars, measure: Measure, sets_aside: bool = False) -> str:
    from muniment.adapters.engines.columns import Columns
    from muniment.adapters.engines.queries import sample_query

    columns = Columns(table=table, calendars=dict(calendars))
    return sample_query(source=source, measure=measure, columns=columns, sets_aside=sets_aside)


@lru_cache(maxsize=_MOST_KEPT)
def dispositions_sql(
    *, source: str, table: Table, calendars: Calendars, measure: Measure, sets_aside: bool = False
) -> str:
    from muniment.adapters.engines.columns import Columns
    from muniment.adapters.engines.queries import dispositions_query

    columns = Columns(table=table, calendars=dict(calendars))
    return dispositions_query(source=source, measure=measure, columns=columns, sets_aside=sets_aside)


@lru_cache(maxsize=_MOST_KEPT)
def samples_sql(
    *, source: str, table: Table, calendars: Calendars, measures: tuple[Measure, ...], sets_aside: bool = False
) -> tuple[str, tuple[tuple[int, ...], ...]]:
    """The text of the query, and the dispositions that each measure has in its rows."""
    from muniment.adapters.engines.columns import Columns
    from muniment.adapters.engines.queries import samples_query

    columns = Columns(table=table, calendars=dict(calendars))
    query = samples_query(source=source, measures=measures, columns=columns, sets_aside=sets_aside)
    return query.sql, query.codes
