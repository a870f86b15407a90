"""Find the browser that the tests drive; with --install, try to get one first.

Prints its path. Without one it says what to install: an error in CI, where a skipped test would hide a fault,
and a remark elsewhere, where the browser tests are then skipped.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
MISSING = (
    "no Chromium or Chrome on the PATH, so nothing that needs a browser can be tested - "
    "install one (on Debian: apt-get install chromium)"
)


def find() -> str | None:
    """The path of the first browser there is."""
    paths = (shutil.which(name) for name in NAMES)
    return next((path for path in paths if path), str(MAC) if MAC.exists() else None)


def install() -> None:
    """Through apt, as root, and only there: nobody is asked for a password in the middle of a test run."""
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        return
    print("Muniment: installing Chromium for the browser tests.", file=sys.stderr)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", "chromium"]):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            print(f"Muniment: '{' '.join(command)}' failed: {done.stderr.strip()[-500:]}", file=sys.stderr)


def main() -> int:
    path = find()
    if path is None and "--install" in sys.argv[1:]:
        install()
        path = find()
    if path is not None:
        print(path)
        return 0
    print(f"Muniment: {MISSING}.", file=sys.stderr)
    return 1 if os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main())
