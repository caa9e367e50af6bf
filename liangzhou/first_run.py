"""What `make run` needs before Django can start: a free port, and a .env with a secret key.

Standard library only: settings refuse to load without the key that this writes.
"""

import os
import re
import secrets
import socket
import sys
from pathlib import Path

FIRST_ENV = """\
# Written by `make run` for this machine. .env.example explains every variable.
{line}
# Reached over plain http on 127.0.0.1; remove this line where the site is reached over https.
HTTPS=false
# Keeps the terminal quiet; remove this line where the log should have a line for each request.
LOG_REQUESTS=false
"""
HTTPS_HINT = (
    "提示:.env 没有设 HTTPS=false,浏览器会被转到 https。 / "
    "Note: .env does not say HTTPS=false, so browsers are sent to https.\n"
)


def main(port, env_file):
    """Returns an exit status, 0 for good; says in a sentence what is wrong."""
    problem = port_problem(port)
    if problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    write_env(Path(env_file))
    if not (_gives(Path(env_file), "HTTPS|DEBUG") or os.environ.keys() & {"HTTPS", "DEBUG"}):
        sys.stdout.write(HTTPS_HINT)
    return 0


def port_problem(port):
    """Why the site cannot listen on 127.0.0.1 at this port, as a sentence; None where it can."""
    if not re.fullmatch(r"[0-9]{1,5}", port) or not 0 < int(port) < 65536:
        return f"端口应为 1 至 65535 的整数 / PORT must be a whole number from 1 to 65535, not {port!r}."
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as gunicorn does
        try:
            listener.bind(("127.0.0.1", int(port)))
        except PermissionError:
            return f"本用户无权使用端口 {port} / You may not use port {port}: make run PORT=8001"
        except OSError:
            return f"端口 {port} 已被占用 / Port {port} is in use: make run PORT={int(port) % 65535 + 1}"
    return None


def write_env(path):
    """Makes sure the file holds a secret key, and changes nothing else in it."""
    line = f"SECRET_KEY={secrets.token_urlsafe(50)}"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode=0o600)
    except FileExistsError:
        if not _gives(path, "SECRET_KEY"):
            with path.open("a", encoding="utf-8") as file:
                file.write(f"\n{line}\n")  # after an empty SECRET_KEY= too: the last line counts
    else:
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(FIRST_ENV.format(line=line))


def _gives(path, names):
    """Whether the file gives a value to one of the names (a pattern)."""
    return re.search(rf"^(export )?({names})=[ \t]*[^\s#]", path.read_text("utf-8"), flags=re.MULTILINE)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
