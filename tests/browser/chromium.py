"""Where Chromium is on this machine, and how to start it."""

import os
import shutil
import subprocess
from pathlib import Path

INSTALL = "apt-get update && apt-get install -y --no-install-recommends chromium fonts-wqy-microhei"
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def executable(say=print):
    """Path of Chromium: $CHROMIUM_PATH, or on the path, or, as root on Debian, installed now.

    Raises LookupError with a sentence that says what to do.
    """
    given = os.environ.get("CHROMIUM_PATH", "")
    if given:
        if not Path(given).is_file():
            raise LookupError(f"CHROMIUM_PATH names no file: {given}")
        return given
    found = _on_path()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        say(f"Installing Chromium: {INSTALL}")
        _install()
        found = _on_path()
    if found is None:
        raise LookupError(f"The browser tests need Chromium. As root: {INSTALL}  (or set CHROMIUM_PATH)")
    return found


def _on_path():
    return next(filter(None, map(shutil.which, NAMES)), None)


def _install():
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in INSTALL.split(" && "):
        done = subprocess.run(
            command.split(), stdin=subprocess.DEVNULL, capture_output=True, text=True, env=environment
        )
        if done.returncode:
            raise LookupError(f"Chromium could not be installed ({INSTALL}):\n{done.stderr}")
