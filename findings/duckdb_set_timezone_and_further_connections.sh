#!/usr/bin/env bash
# DuckDB for Python: `SET TimeZone` on a connection does not hold on a further connection to the same database, made with
# cursor(), although settings such as threads or the fence (enable_external_access) do. There times with a zone are shown
# by the machine's zone again. `SET GLOBAL TimeZone` holds on both. It matters to whoever opens one database, fences it
# and locks its configuration, and then hands out connections: the zone can no longer be set on them.
#
# Expected before it was run: what is set before lock_configuration holds for the database.
# Seen with duckdb 2.0.0 on Python 3.11, with TZ=America/New_York:
#   SET         first: UTC   further: America/New_York   2019-07-01 08:00:00-04
#   SET GLOBAL  first: UTC   further: UTC                2019-07-01 12:00:00+00
#   setting it on the further connection: Invalid Input Error (the configuration has been locked)
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check duckdb==2.0.0

TZ=America/New_York "$folder/venv/bin/python" - <<'PROGRAM' | tee "$folder/seen"
import duckdb

NOON = "SELECT current_setting('TimeZone'), TIMESTAMPTZ '2019-07-01 12:00:00+00'::VARCHAR"
for how in ("SET", "SET GLOBAL"):
    first = duckdb.connect()
    first.execute(f"{how} TimeZone = 'UTC'")
    first.execute("SET lock_configuration = true")
    further = first.cursor()
    ((of_first, _),) = first.execute(NOON).fetchall()
    ((of_further, noon),) = further.execute(NOON).fetchall()
    print(f"{how}: first {of_first}, further {of_further}, noon {noon}")
    try:
        further.execute("SET TimeZone = 'UTC'")
        print(f"{how}: set on the further one")
    except duckdb.InvalidInputException:
        print(f"{how}: refused on the further one")
PROGRAM

diff - "$folder/seen" <<'EXPECTED' || { echo "DuckDB does otherwise now" >&2; exit 1; }
SET: first UTC, further America/New_York, noon 2019-07-01 08:00:00-04
SET: refused on the further one
SET GLOBAL: first UTC, further UTC, noon 2019-07-01 12:00:00+00
SET GLOBAL: refused on the further one
EXPECTED
echo "as found"
