"""How far it is from a page to the ledger: what scripts/trace.py counts stays within its limits."""

import subprocess
import sys
from pathlib import Path


def test_a_submission_touches_few_modules_and_few_of_them_stand_above_the_ledger(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "scripts/trace.py", "--check"], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "modules on the stack at append: " in done.stdout
    assert "modules touched when an upload is submitted: " in done.stdout
