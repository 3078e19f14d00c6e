"""What docs/deploy.md and its files say is what the code does, and its commands work."""

from __future__ import annotations

import configparser
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml  # type: ignore[import-untyped]

from bot import archive
from bot.conversations import Conversations, Rating
from bot.http import guard, server
from bot.schema import Outcome
from retrieval.database import Database
from retrieval.settings import PROJECT, Settings
from retrieval.snapshot import current_folder
from tests.http_process import HttpProcess, free_port, running_http

DEPLOY = PROJECT / "docs" / "deploy"
TEXT = (PROJECT / "docs" / "deploy.md").read_text(encoding="utf-8")
CONTAINERFILE = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
NGINX = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
UNITS = sorted([*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")])
CURRENT = "/srv/dan-van-qa/current"
KEY = "ask-0123456789abcdef"
QUESTION = "Công tác dân vận ở Bắc Kạn còn những hạn chế gì?"

# Of other programs.
NOT_OURS = {"PIP_EXTRA_INDEX_URL"}
# Prometheus makes it.
SCRAPED = {"up"}


@pytest.fixture(scope="module")
def service(seed_vectors: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HttpProcess]:
    """As it runs behind the proxy of the document, which also says who asks."""
    settings = {
        "HTTP_API_KEYS": f"a:{KEY}",
        "HTTP_TRUSTED_PROXIES": "127.0.0.1",
        "HTTP_IDENTITY_HEADER": "X-Remote-User",
    }
    with running_http(seed_vectors, tmp_path_factory.mktemp("deploy"), settings) as running:
        yield running


@pytest.fixture(scope="module")
def metrics(service: HttpProcess) -> str:
    """What Prometheus reads once a question was answered, and the model has failed once."""
    headers = {"Authorization": f"Bearer {KEY}"}
    with httpx.Client(base_url=service.address, headers=headers, timeout=60) as client:
        client.post("/v1/ask", json={"question": QUESTION}).raise_for_status()
        return client.get("/metrics").raise_for_status().text


def unit(name: str) -> dict[str, dict[str, str]]:
    """A unit's sections; of a key that is there twice, the last."""
    parser = configparser.ConfigParser(strict=False, interpolation=None, delimiters="=")
    parser.optionxform = str  # type: ignore[assignment,method-assign] # systemd's keys have case
    parser.read_string((DEPLOY / name).read_text(encoding="utf-8"))
    return {section: dict(parser[section]) for section in parser.sections()}


def commands(heading: str, number: int = 0) -> str:
    """A block of commands below a heading of the document."""
    part = re.split(rf"^## {heading}$", TEXT, flags=re.M)[1].split("\n## ")[0]
    found: str = re.findall(r"^```sh\n(.*?)^```", part, re.M | re.S)[number]
    return found


def rules() -> list[dict[str, Any]]:
    (group,) = yaml.safe_load((DEPLOY / "alerts.yml").read_text(encoding="utf-8"))["groups"]
    found: list[dict[str, Any]] = group["rules"]
    return found


def panels() -> list[dict[str, Any]]:
    found = json.loads((DEPLOY / "dashboard.json").read_text(encoding="utf-8"))["panels"]
    assert isinstance(found, list)
    return found


def queries() -> list[str]:
    shown = [target["expr"] for panel in panels() for target in panel["targets"]]
    return [rule["expr"] for rule in rules()] + shown


def test_every_query_asks_for_what_the_service_counts(metrics: str) -> None:
    """Each metric of alerts and dashboard is in /metrics, under that very name."""
    there = set(re.findall(r"^(\w+)[ {]", metrics, re.M))
    # Counted by reason, and there is none before the first failure.
    there |= set(re.findall(r"^# TYPE (\w+) counter", metrics, re.M))
    asked = {name for query in queries() for name in re.findall(r"(\w+)\{", query)}

    assert "qa_questions_total" in asked
    assert asked - SCRAPED - there == set()
    assert all(re.search(r'\{job="dan-van-qa"', query) for query in queries())


def test_every_query_selects_by_labels_that_exist(metrics: str) -> None:
    """A value that the service never writes would make an alert that never comes."""
    values = {
        "outcome": {outcome.value for outcome in Outcome},
        "rating": {rating.value for rating in Rating},
        "step": set(re.findall(r'step="(\w+)"', metrics)),
    }
    asked = [pair for query in queries() for pair in re.findall(r'(\w+)!?=~?"([\w|]+)"', query)]
    named = {(label, one) for label, value in asked for one in value.split("|") if label in values}

    assert ("step", "total") in named
    assert {(label, one) for label, one in named if one not in values[label]} == set()


def test_each_metric_is_looked_at(metrics: str) -> None:
    """A figure of the service that neither an alert nor the dashboard has is forgotten."""
    counted = set(re.findall(r"^# TYPE (qa_\w+)", metrics, re.M))
    asked = " ".join(queries())

    assert len(counted) > 5
    assert {name for name in counted if name not in asked} == set()


def test_panels_do_not_overlap() -> None:
    """Each has its own number and its own place in the grid of 24 columns."""
    places: list[tuple[int, int]] = []
    for panel in panels():
        at = panel["gridPos"]
        assert at["x"] + at["w"] <= 24
        xs, ys = range(at["x"], at["x"] + at["w"]), range(at["y"], at["y"] + at["h"])
        places += [(x, y) for x in xs for y in ys]

    assert len(set(places)) == len(places)
    assert len({panel["id"] for panel in panels()}) == len(panels())


def test_each_alert_has_a_test() -> None:
    """promtool is given a case for every alert, and each says what to do."""
    cases = (DEPLOY / "alerts_test.yml").read_text(encoding="utf-8")

    assert len(rules()) == 9
    assert [rule["alert"] for rule in rules() if rule["alert"] not in cases] == []
    assert all({"summary", "description"} == rule["annotations"].keys() for rule in rules())
    assert yaml.safe_load(cases)["rule_files"] == ["alerts.yml"]


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed")
def test_alerts_come_when_they_should() -> None:
    """promtool runs the cases."""
    done = subprocess.run(
        ["promtool", "test", "rules", "alerts_test.yml"], cwd=DEPLOY, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_scrape_finds_the_service() -> None:
    """It has the rules, the job that they name, and the proxy's name."""
    config = yaml.safe_load((DEPLOY / "prometheus.yml").read_text(encoding="utf-8"))
    (scrape,) = config["scrape_configs"]
    (name,) = set(re.findall(r"server_name ([\w.]+);", NGINX))

    assert config["rule_files"] == ["alerts.yml"]
    assert scrape["job_name"] == "dan-van-qa"
    assert scrape["static_configs"] == [{"targets": [f"{name}:443"]}]


def test_settings_exist() -> None:
    """Every setting that the document or a file names is one of the project's."""
    known = {name.upper() for name in Settings.model_fields}
    files = [TEXT, CONTAINERFILE, NGINX, *(rule["annotations"]["description"] for rule in rules())]
    families = {name.split("_")[0] for name in known}
    named = {word for text in files for word in re.findall(r"\b[A-Z]+(?:_[A-Z]+)+\b", text)}
    ours = {name for name in named if name.split("_")[0] in families}

    assert {"HTTP_TRUSTED_PROXIES", "CONVERSATIONS_DB", "HTTP_WORKERS"} <= ours
    assert ours - known == set()
    assert named - ours == NOT_OURS


def test_linked_files_exist() -> None:
    """And every file of the folder is spoken of."""
    linked = set(re.findall(r"\]\((deploy/[^)]+)\)", TEXT))

    assert {path for path in linked if not (PROJECT / "docs" / path).exists()} == set()
    there = {path.name for path in DEPLOY.iterdir() if path.is_file()}
    assert {name for name in there if name not in TEXT and Path(name).stem not in TEXT} == set()


def test_make_targets_exist() -> None:
    """`make` is told of a file that the Makefile makes."""
    (target,) = set(re.findall(r"make (\S+)$", TEXT, re.M))
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")

    assert target == ".venv/installed"
    assert re.search(r"^\$\(VENV\)/installed:", makefile, re.M)


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_units_run_what_there_is(path: Path) -> None:
    """Programs and modules exist, and a timer has its service."""
    sections = unit(path.name)
    if path.suffix == ".timer":
        assert path.with_suffix(".service").exists()
        return
    program, *arguments = sections["Service"]["ExecStart"].split()

    assert program == f"{CURRENT}/.venv/bin/python"
    assert sections["Service"]["WorkingDirectory"] == CURRENT
    if arguments[0] == "-m":
        assert (PROJECT / arguments[1].replace(".", "/")).with_suffix(".py").exists() or (
            PROJECT / arguments[1] / "__main__.py"
        ).exists()
    else:
        assert (PROJECT / arguments[0]).exists()


def test_the_unit_is_for_commands_that_exist() -> None:
    """Whatever stands behind `dan-van-qa@` is a subcommand of `python -m bot`."""
    text = (DEPLOY / "dan-van-qa@.service").read_text(encoding="utf-8")
    named = set(re.findall(r"dan-van-qa@(\w+)(?!\w*\.service)", text + TEXT)) - {"service"}
    done = subprocess.run(
        [sys.executable, "-m", "bot", "--help"], cwd=PROJECT, capture_output=True, text=True
    )

    assert named == {"http", "serve", "telegram"}
    assert named <= set(re.findall(r"^    (\w+) +\w", done.stdout, re.M))


def test_the_end_is_waited_for() -> None:
    """systemd and podman end the process only after the service would have ended by itself."""
    drain = server.server_options()["timeout_graceful_shutdown"]
    (container,) = re.findall(r"--stop-timeout (\d+)", TEXT)

    assert f"has {drain} seconds" in TEXT
    assert int(unit("dan-van-qa@.service")["Service"]["TimeoutStopSec"]) >= drain + 10
    assert int(container) >= drain + 10


def test_units_may_write_where_the_settings_say() -> None:
    """Under ProtectSystem=strict whatever is not named is read-only."""
    paths = re.findall(r"^(?:SEEDS_DIR|VECTORS_DIR|CONVERSATIONS_DB)=(.+)$", TEXT, re.M)
    state = Path(paths[2]).parent

    assert len(paths) == 3
    for path in UNITS:
        if path.suffix == ".service":
            section = unit(path.name)["Service"]
            writable = section["ReadWritePaths"].split()
            assert section["ProtectSystem"] == "strict"
            assert section["NoNewPrivileges"] == "yes"
            wanted = [state] if "backup" in path.name else [*map(Path, paths)]
            assert all(any(one.is_relative_to(root) for root in writable) for one in wanted)


def test_a_skipped_article_is_no_failed_unit() -> None:
    """`ingest.py` ends with 1 then, which systemd would take for a failure."""
    assert unit("dan-van-qa-ingest.service")["Service"]["SuccessExitStatus"] == "1"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    """No section or key that it does not know."""
    for path in UNITS:
        text = path.read_text(encoding="utf-8").replace(f"{CURRENT}/.venv/bin/python", "/bin/true")
        (tmp_path / path.name).write_text(text.replace(CURRENT, "/"), encoding="utf-8")
    units = [path.name.replace("@.", "@http.") for path in UNITS]
    done = subprocess.run(
        ["systemd-analyze", "verify", *units], cwd=tmp_path, capture_output=True, text=True
    )
    faults = [line for line in done.stderr.splitlines() if "dan-van-qa" in line]

    assert faults == []


def block(opening: str) -> str:
    """The first block of nginx.conf that begins so, without those inside it."""
    start = NGINX.index(opening)
    inside, depth = "", 0
    for sign in NGINX[start:]:
        depth += (sign == "{") - (sign == "}")
        if depth == 1:
            inside += sign
        if depth == 0 and inside:
            break
    return inside


def seconds(directive: str, text: str) -> int:
    (number, letter) = re.findall(rf"^\s*{directive} (\d+)([smh]);", text, re.M)[0]
    return int(number) * {"s": 1, "m": 60, "h": 3600}[letter]


def test_nginx_takes_what_the_service_takes() -> None:
    """A file of the largest size passes, and a question too."""
    (upload,) = re.findall(r"client_max_body_size (\d+)m;", block(f"location = {guard._UPLOAD} {{"))
    (other,) = re.findall(r"client_max_body_size (\d+)m;", block("server {\n    listen 443 ssl h"))

    assert int(upload) * 1024 * 1024 >= guard._MOST_UPLOADED
    assert int(other) * 1024 * 1024 > guard._MOST_BYTES


def test_nginx_waits_as_long_as_the_service() -> None:
    """For a slow language model, and for an index that is being written."""
    site = block("server {\n    listen 443 ssl h")
    model = Settings.model_fields["llm_timeout_seconds"].default

    assert seconds("proxy_read_timeout", site) > model + 30
    upload = block(f"location = {guard._UPLOAD} {{")
    assert seconds("proxy_read_timeout", upload) > archive._INGEST_SECONDS
    # nginx keeps its connections for 60 s, and must not use one that is being closed.
    assert server.server_options()["timeout_keep_alive"] > 60


def test_nginx_leads_to_the_service() -> None:
    """To its default port, and each location is one of docs/http.md or docs/telegram.md."""
    others = [(PROJECT / "docs" / name).read_text("utf-8") for name in ("http.md", "telegram.md")]
    paths = set(re.findall(r"location (?:= )?(/\w[\w/]*) \{", NGINX))

    assert f"server 127.0.0.1:{Settings.model_fields['http_port'].default};" in NGINX
    assert {"/v1/ask", "/v1/chat/completions", "/mcp", "/v1/articles"} <= paths
    assert {path for path in paths if not any(path in text for text in others)} == set()


@pytest.mark.parametrize("path", ["= /v1/ask", "= /v1/chat/completions", "/mcp"])
def test_nginx_does_not_hold_streams_up(path: str) -> None:
    """And speaks HTTP/1.1 to the service, without which there are no streams."""
    assert "proxy_buffering off;" in block(f"location {path} {{")
    assert "proxy_http_version 1.1;" in block("server {\n    listen 443 ssl h")


def test_nginx_believes_no_client() -> None:
    """Each header that the service believes a proxy is set, once for all locations."""
    site = block("server {\n    listen 443 ssl h")
    headers = re.findall(r"^\s*proxy_set_header (\S+) (.+);", NGINX, re.M)

    assert headers == re.findall(r"^\s*proxy_set_header (\S+) (.+);", site, re.M)
    assert dict(headers) == {
        "Connection": '""',
        "Host": "$http_host",
        "X-Forwarded-For": "$remote_addr",
        "X-Forwarded-Proto": "$scheme",
        "X-Remote-User": '""',
    }
    assert not re.search(r"\$request\b|\$args|\$query_string|\$http_referer", block("log_format"))


@contextmanager
def running_nginx(folder: Path, site: str, port: int, upstream: str) -> Iterator[httpx.Client]:
    """The site of the document at ports of this machine; a client that trusts its certificate."""
    certificate = PROJECT / "tests" / "self_signed.pem"
    for old, new in (
        ("/etc/ssl/certs/dan-van-qa.pem", str(certificate)),
        ("/etc/ssl/private/dan-van-qa.key", str(certificate)),
        ("/var/log/nginx/", f"{folder}/"),
        ("/etc/nginx/dan-van-qa.passwords", f"{folder}/passwords"),
        ("server 127.0.0.1:8080;", f"server {upstream.removeprefix('http://')};"),
        ("listen 80", f"listen 127.0.0.1:{free_port()}"),
        ("listen 443", f"listen 127.0.0.1:{port}"),
    ):
        site = site.replace(old, new)
    temporary = "".join(
        f"{name}_temp_path {folder}/{name};"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    # Root's workers would be somebody who may not read this folder.
    user = "user root; " if os.geteuid() == 0 else ""
    config = folder / "nginx.conf"
    config.write_text(
        f"{user}daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}} "
        f"http {{ {temporary} {site} }}",
        encoding="utf-8",
    )
    process = subprocess.Popen(
        ["nginx", "-c", str(config), "-e", f"{folder}/error.log"], stderr=subprocess.DEVNULL
    )
    headers = {"Host": "hoidap.example.vn"}
    try:
        with httpx.Client(
            base_url=f"https://127.0.0.1:{port}", verify=False, headers=headers, timeout=60
        ) as client:
            _wait_for(client, folder / "error.log")
            yield client
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


def _wait_for(client: httpx.Client, log: Path) -> None:
    until = time.monotonic() + 10
    while True:
        try:
            client.get("/healthz")
            return
        except httpx.TransportError:
            assert time.monotonic() < until, log.read_text(encoding="utf-8")
            time.sleep(0.05)


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")
def test_behind_nginx(service: HttpProcess, tmp_path: Path) -> None:
    """Events pass, names that a client gives itself do not, and the cookie is for https alone."""
    with running_nginx(tmp_path, NGINX, free_port(), service.address) as client:
        key = {"Authorization": f"Bearer {KEY}"}
        forged = {"X-Remote-User": "giam-doc", "X-Forwarded-For": "10.0.0.1"}
        headers = key | {"Accept": "text/event-stream"}
        streamed = client.post("/v1/ask", json={"question": QUESTION}, headers=headers)

        assert streamed.text.startswith("event: understood")
        assert "event: done" in streamed.text
        assert client.get("/v1/archive", headers=forged).status_code == 401
        assert client.get("/v1/session", headers=forged | key).json()["name"] == "a"
        # In the service's words, then in nginx's.
        for size in (guard._MOST_BYTES + 1, 1_200_000):
            refused = client.post("/v1/ask", content=b"a" * size, headers=key)
            assert refused.status_code == 413
            assert refused.headers["content-type"].startswith("application/problem+json")
        login = client.post("/v1/session", json={"key": KEY}, headers=forged)
        assert "Secure" in login.headers["set-cookie"]
        for number in range(10):
            elsewhere = {"X-Forwarded-For": f"10.0.0.{number}"}
            last = client.post("/v1/session", json={"key": "no"}, headers=elsewhere)
        assert last.status_code == 429
        assert "Retry-After" in last.headers
        with pytest.raises(httpx.RemoteProtocolError):
            client.get("/healthz", headers={"Host": "other.example"})


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")
def test_behind_the_login_of_nginx(service: HttpProcess, tmp_path: Path) -> None:
    """Who has logged in there is known by that name and no other; keys work beside it."""
    outside, inside = re.findall(r"^# (?:outside of|in) server:\n((?:(?!#|```).+\n)+)", TEXT, re.M)
    site = NGINX.replace("upstream", f"{outside}\nupstream", 1)
    site = site.replace('proxy_set_header X-Remote-User "";', inside)
    (tmp_path / "passwords").write_text("huong:{PLAIN}mat-khau\n", encoding="utf-8")
    with running_nginx(tmp_path, site, free_port(), service.address) as client:
        forged = {"X-Remote-User": "giam-doc"}
        known = client.get("/v1/session", auth=("huong", "mat-khau"), headers=forged)

        assert known.json()["name"] == "huong"
        assert client.get("/v1/session", auth=("huong", "x"), headers=forged).status_code == 401
        assert client.get("/v1/session", headers=forged).status_code == 401
        with_key = client.get("/v1/session", headers=forged | {"Authorization": f"Bearer {KEY}"})
        assert with_key.json()["name"] == "a"
        wrong = client.get("/v1/archive", headers=forged | {"Authorization": "Bearer no"})
        assert wrong.status_code == 401


def test_the_container_copies_what_there_is() -> None:
    """Each source exists, and the ignore file lets it in; nothing else comes in."""
    ignored = (DEPLOY / "Containerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    let_in = {line[1:] for line in ignored if line.startswith("!")}
    copied = {
        source
        for line in re.findall(r"^COPY (?!--from)(.+)$", CONTAINERFILE, re.M)
        for source in line.split()[:-1]
    }

    assert {source for source in copied if not (PROJECT / source).exists()} == set()
    assert ignored[1] == "*"
    assert copied == let_in


def test_the_container_has_every_package() -> None:
    """What is not copied is not needed: the packages of the project are among it."""
    listed = re.findall(r'"([\w.]+)"', re.findall(r"^packages = \[(.+)\]", _pyproject(), re.M)[0])

    assert {name.split(".")[0] for name in listed} == {"bot", "retrieval"}
    assert 'readme = "README.md"' in _pyproject()


def _pyproject() -> str:
    return (PROJECT / "pyproject.toml").read_text(encoding="utf-8")


def test_the_container_is_without_rights() -> None:
    """Another user than root, and what it writes is in volumes."""
    settings = re.findall(r"(?:SEEDS_DIR|VECTORS_DIR|CONVERSATIONS_DB)=(\S+)", CONTAINERFILE)
    (volumes,) = (json.loads(found) for found in re.findall(r"^VOLUME (.+)$", CONTAINERFILE, re.M))
    (user,) = re.findall(r"^USER (\d+):\d+$", CONTAINERFILE, re.M)

    assert int(user) > 0
    assert len(settings) == 3
    assert all(any(Path(one).is_relative_to(root) for root in volumes) for one in settings)
    assert all(f":{volume}" in TEXT for volume in volumes)
    assert re.search(r"^CMD \[\"-m\", \"bot\", \"http\"\]$", CONTAINERFILE, re.M)
    assert "--read-only" in TEXT


def test_the_container_tells_whether_it_lives(service: HttpProcess) -> None:
    """Its health check passes with the service, past any proxy, and fails without."""
    (check,) = re.findall(r"^ +CMD (\[.+\])$", CONTAINERFILE, re.M)
    _, *arguments = json.loads(check)
    port = service.address.rpartition(":")[2]

    def status(port: str) -> int:
        environment = os.environ | {"HTTP_PORT": port, "http_proxy": "http://127.0.0.1:9"}
        command = [sys.executable, *arguments]
        return subprocess.run(command, env=environment, stderr=subprocess.DEVNULL).returncode

    assert status(port) == 0
    assert status(str(free_port())) != 0


class Installation:
    """The folders of the document below another root; its commands run there."""

    def __init__(self, root: Path) -> None:
        self.data = root / "var/lib/dan-van-qa"
        self.backups = root / "var/backups/dan-van-qa"
        self.database = self.data / "state/conversations.sqlite"
        for folder in (self.data / "seeds", self.data / "vectors", self.data / "state"):
            folder.mkdir(parents=True)
        self.backups.mkdir(parents=True)
        programs = root / "programs"
        programs.mkdir()
        _program(programs / "sudo", '[ "$1" = -u ] && shift 2; exec "$@"')
        _program(programs / "systemctl", "exit 0")
        self._environment = os.environ | {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "SEEDS_DIR": str(self.data / "seeds"),
            "CONVERSATIONS_DB": str(self.database),
        }

    def run(self, text: str) -> str:
        for old, new in (
            (f"{CURRENT}/.venv/bin/python", sys.executable),
            ("/var/lib/dan-van-qa", str(self.data)),
            ("/var/backups/dan-van-qa", str(self.backups)),
        ):
            text = text.replace(old, new)
        done = subprocess.run(
            ["sh", "-euc", text],
            cwd=PROJECT,
            env=self._environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def back_up(self) -> Path:
        """As the unit does."""
        return Path(self.run(unit("dan-van-qa-backup.service")["Service"]["ExecStart"]).strip())


def _program(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return Installation(tmp_path)


@contextmanager
def written_to(path: Path) -> Iterator[None]:
    """Turns come in pairs, one transaction each: before this begins, as it lasts, and after it."""
    is_over = threading.Event()
    pairs = threading.Semaphore(0)

    def write() -> None:
        conversations = Conversations(Database.open(path), 90)
        number = 0
        while not is_over.is_set():
            with conversations.database.transaction():
                for half in "ab":
                    conversations.remember(f"c{number}", f"Câu {number} {half}", f"t{number}{half}")
            number += 1
            pairs.release()
        conversations.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert pairs.acquire(timeout=60)
        yield
        while pairs.acquire(blocking=False):
            pass
        assert pairs.acquire(timeout=60)
    finally:
        is_over.set()
        writer.join()


def turns(path: Path) -> list[int]:
    """How many each conversation has, in a database that is sound."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
        rows = connection.execute("select count(*) from turn group by conversation").fetchall()
    return [count for (count,) in rows]


def _leave_a_log(path: Path) -> None:
    """As after a power cut: turns that are in the log of the database and not yet in itself."""
    conversations = Conversations(Database.open(path), 90)
    conversations.remember("unwanted", "Sau bản sao", "t")
    log = path.with_name(f"{path.name}-wal")
    left = log.read_bytes()
    conversations.close()
    log.write_bytes(left)


def test_what_is_in_the_log_is_copied(installation: Installation) -> None:
    """SQLite writes there first; a copy of the file alone would lack it."""
    conversations = Conversations(Database.open(installation.database), 90)
    conversations.remember("c", "Câu", "t")
    copy = installation.back_up()
    conversations.close()

    assert turns(copy / "conversations.sqlite") == [1]


def test_backup_and_restore(installation: Installation) -> None:
    """While it is written to, a copy is of one moment; restored, what came later is gone."""
    (installation.data / "seeds" / "bài.txt").write_text("Một.", encoding="utf-8")
    with written_to(installation.database):
        copy = installation.back_up()
    copied = turns(copy / "conversations.sqlite")
    (installation.data / "seeds" / "bài.txt").unlink()
    (installation.data / "seeds" / "sau.txt").write_text("Hai.", encoding="utf-8")
    later = len(turns(installation.database))
    _leave_a_log(installation.database)
    installation.run(commands("Backup and restore", 1).replace("20260101-021500", copy.name))

    assert set(copied) == {2}
    assert len(copied) < later
    assert turns(installation.database) == copied
    assert [path.name for path in (installation.data / "seeds").iterdir()] == ["bài.txt"]
    assert installation.database.stat().st_mode & 0o777 == 0o600
    reopened = Conversations(Database.open(installation.database), 90)
    reopened.remember("c0", "Sau đó", "t")
    assert len(reopened.history("c0", 9)) == 3
    reopened.close()


def test_backups_are_for_their_owner_alone(installation: Installation) -> None:
    """They hold what people asked."""
    Conversations(Database.open(installation.database), 90).close()
    copy = installation.back_up()

    assert copy.stat().st_mode & 0o777 == 0o700
    assert {path.name: path.stat().st_mode & 0o777 for path in copy.iterdir()} == {
        "conversations.sqlite": 0o600,
        "seeds.tar": 0o600,
    }


def test_old_backups_are_deleted(installation: Installation) -> None:
    """The last ones stay, and whatever is no copy."""
    for number in range(1, 21):
        (installation.backups / f"202601{number:02}-021500").mkdir()
    (installation.backups / "khác").mkdir()
    copy = installation.back_up()
    kept = sorted(path.name for path in installation.backups.iterdir())

    assert kept == [f"202601{number:02}-021500" for number in range(8, 21)] + [copy.name, "khác"]


def test_a_failed_backup_leaves_nothing(installation: Installation) -> None:
    """It says so by its status; the earlier copies stay."""
    installation.database.write_bytes(b"no database" * 1_000)
    (installation.backups / "20260101-021500").mkdir()

    with pytest.raises(AssertionError, match=r"^backup: file is not a database"):
        installation.back_up()
    assert [path.name for path in installation.backups.iterdir()] == ["20260101-021500"]


def test_an_earlier_index_is_named_again(installation: Installation, seed_vectors: Path) -> None:
    """The commands that go back leave CURRENT as the service reads it."""
    name = current_folder(seed_vectors).name
    vectors = installation.data / "vectors"
    (vectors / name).mkdir()
    (vectors / "CURRENT").write_text("20270101-000000-0000\n", encoding="utf-8")
    installation.run(commands("Upgrade", 1).replace("20260101-021500-1a2b", name))

    assert current_folder(vectors) == vectors / name
    assert sorted(path.name for path in vectors.iterdir()) == sorted(["CURRENT", name])
