"""docs/images/report.png: the example's board report as a browser shows it, its lead, Table 1 and one chart."""

import subprocess
import sys
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from scripts.reference.console import make_demo

ROOT = Path(__file__).resolve().parent.parent.parent
PICTURE = ROOT / "docs" / "images" / "report.png"
WIDTH = 1200
KPI = "CSC_KPI_04"
# What is left out is hidden, nothing is changed: the page prints as it does anywhere.
KEEP = """(kpi) => {
  const report = document.querySelector('#report');
  const chart = document.querySelector('#kpi-' + kpi).closest('article');
  const kept = [document.querySelector('#summary').closest('section'), chart.closest('section')];
  for (const part of report.children) {
    const isLead = ['H1', 'P'].includes(part.tagName);
    if (!isLead && !kept.includes(part)) part.style.display = 'none';
  }
  for (const part of chart.parentElement.children) if (part !== chart) part.style.display = 'none';
  for (const part of chart.querySelectorAll('table, .scroll, details')) part.style.display = 'none';
}"""


def take_picture() -> None:
    """Make the example, open its report, and keep what the README shows."""
    from PIL import Image
    from playwright.sync_api import sync_playwright

    found = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "browser.py")], capture_output=True, text=True, check=True
    )
    with TemporaryDirectory() as folder, sync_playwright() as driver:
        report = make_demo(Path(folder)).folder / "report" / "report.html"
        chromium = driver.chromium.launch(executable_path=found.stdout.strip(), args=["--no-sandbox", "--disable-gpu"])
        page = chromium.new_page(viewport={"width": WIDTH, "height": 600})
        page.goto(report.as_uri())
        page.evaluate(KEEP, KPI)
        taken = page.screenshot(full_page=True)
        chromium.close()
    few_colours = Image.open(BytesIO(taken)).convert("RGB").quantize(colors=128, method=Image.Quantize.MAXCOVERAGE)
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    few_colours.save(PICTURE, optimize=True)
