"""What a Parquet file says of itself before its rows are read: a file of 100 KB may hold a gigabyte of rows."""

from pathlib import Path

from duckdb import DuckDBPyConnection

from muniment.adapters.door.limits import MB, ReadingLimits
from muniment.domain.kernel.problem import Place, Problem


def too_much_in(*, connection: DuckDBPyConnection, file: Path, limits: ReadingLimits, shown_as: str) -> Problem | None:
    """Raises duckdb.Error where the file is no Parquet file."""
    groups = (
        "SELECT max(row_group_num_rows) AS rows, sum(total_uncompressed_size) AS size FROM parquet_metadata(?)"
        " GROUP BY row_group_id"
    )
    counts = f"SELECT coalesce(sum(rows), 0), coalesce(sum(size), 0) FROM ({groups})"  # noqa: S608  # two literals
    path = str(file.resolve())
    in_groups, size = connection.execute(counts, [path]).fetchall()[0]
    ((told,),) = connection.execute("SELECT num_rows FROM parquet_file_metadata(?)", [path]).fetchall()
    rows = max(in_groups, told)
    if rows > limits.rows:
        what = f"the file holds {rows:,} rows, and at most {limits.rows:,} are taken in"
    elif size > limits.unpacked:
        what = f"the file unpacks to {size // MB:,} MB, and at most {limits.unpacked // MB:,} MB are taken in"
    else:
        return None
    remedy = "send the rows of this month alone, or ask whoever runs the site for a higher limit"
    return Problem(Place(shown_as), "E139", what, remedy)
