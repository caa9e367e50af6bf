import os
import re
import socket
import stat

import pytest

from liangzhou import first_run


@pytest.fixture
def env_file(tmp_path):
    return tmp_path / ".env"


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch):
    monkeypatch.delenv("HTTPS", raising=False)
    monkeypatch.delenv("DEBUG", raising=False)


@pytest.fixture
def busy_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.fixture
def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    return str(port)


def values(env_file):
    """What the file sets, the last line of a name winning, as django-environ reads it."""
    return dict(re.findall(r"^([A-Z_]+)=(.*)$", env_file.read_text("utf-8"), flags=re.MULTILINE))


def test_write_env_creates_a_private_file_with_a_long_key(env_file):
    first_run.write_env(env_file)

    assert set(values(env_file)) == {"SECRET_KEY", "HTTPS", "LOG_REQUESTS"}
    assert len(values(env_file)["SECRET_KEY"]) == 67
    assert values(env_file)["HTTPS"] == "false"
    assert stat.S_IMODE(os.stat(env_file).st_mode) == 0o600


def test_write_env_makes_a_different_key_each_time(tmp_path):
    first_run.write_env(tmp_path / "one")
    first_run.write_env(tmp_path / "two")

    assert values(tmp_path / "one")["SECRET_KEY"] != values(tmp_path / "two")["SECRET_KEY"]


@pytest.mark.parametrize("written", ["SECRET_KEY=mine\n", "DEBUG=1\nexport SECRET_KEY=mine", 'SECRET_KEY="mine"\r\n'])
def test_write_env_leaves_a_file_with_a_key_as_it_is(env_file, written):
    env_file.write_bytes(written.encode())

    first_run.write_env(env_file)

    assert env_file.read_bytes() == written.encode()


@pytest.mark.parametrize("written", ["", "SITE_PHONE=1", "SITE_PHONE=1\nSECRET_KEY=\n", "# SECRET_KEY=old\n"])
def test_write_env_appends_a_missing_key(env_file, written):
    env_file.write_text(written, "utf-8")

    first_run.write_env(env_file)

    assert env_file.read_text("utf-8").startswith(written)
    assert len(values(env_file)["SECRET_KEY"]) == 67
    assert "HTTPS" not in values(env_file)


def test_port_problem_is_none_for_a_free_port(free_port):
    assert first_run.port_problem(free_port) is None


def test_port_problem_names_a_busy_port_and_the_next(busy_port):
    assert first_run.port_problem(str(busy_port)) == (
        f"端口 {busy_port} 已被占用 / Port {busy_port} is in use: make run PORT={busy_port % 65535 + 1}"
    )


@pytest.mark.parametrize("port", ["", "0", "65536", "80a", "-1", "八千", "٨٠٠٠"])
def test_port_problem_refuses_what_is_no_port(port):
    assert first_run.port_problem(port) == (
        f"端口应为 1 至 65535 的整数 / PORT must be a whole number from 1 to 65535, not {port!r}."
    )


def test_main_writes_nothing_where_the_port_is_busy(env_file, busy_port, capsys):
    assert first_run.main(str(busy_port), env_file) == 1

    assert capsys.readouterr() == ("", f"{first_run.port_problem(str(busy_port))}\n")
    assert not env_file.exists()


def test_main_is_silent_the_first_time(env_file, free_port, capsys):
    assert first_run.main(free_port, env_file) == 0

    assert capsys.readouterr() == ("", "")


def test_main_warns_where_a_file_of_one_s_own_leaves_https_on(env_file, free_port, capsys):
    env_file.write_text("SITE_PHONE=1\n", "utf-8")

    assert first_run.main(free_port, env_file) == 0

    assert capsys.readouterr() == (first_run.HTTPS_HINT, "")
