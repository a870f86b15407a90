"""A spreadsheet program of the machine, asked to compute a workbook from nothing but its formulas."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

Cell = int | float | str | bool | time | date | datetime | timedelta
Sheets = Mapping[str, Sequence[Sequence[Cell]]]
ALWAYS_RECALCULATE = """\
<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def libre_office() -> str:
    """The program's path; the test is skipped where the machine has none."""
    path = shutil.which("soffice") or shutil.which("libreoffice")
    if path is None:
        pytest.skip("LibreOffice is not installed (on Debian: apt-get install libreoffice-calc-nogui)")
    return path


def recalculated(content: bytes, folder: Path) -> Sheets:
    """Sheet -> rows, as LibreOffice computes them. `folder`: an empty one to work in."""
    program = libre_office()
    profile, out = folder / "profile", folder / "out"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS_RECALCULATE, encoding="utf-8")
    (folder / "audit.xlsx").write_bytes(content)
    command = [
        program, f"-env:UserInstallation={profile.as_uri()}", "--headless",
        "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), str(folder / "audit.xlsx"),
    ]  # fmt: skip
    environment = {**os.environ, "HOME": str(folder)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300, env=environment)
    assert (out / "audit.xlsx").is_file(), done.stderr
    return sheets_of(out / "audit.xlsx")


def sheets_of(path: Path) -> Sheets:
    with CalamineWorkbook.from_path(str(path)) as book:
        return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def kpi_lines(sheets: Sheets) -> dict[str, dict[str, Cell]]:
    """KPI -> heading -> cell, of the sheet 'KPIs'."""
    headings, *lines = sheets["KPIs"][3:]
    return {str(line[0]): dict(zip(map(str, headings), line, strict=True)) for line in lines}
