"""One browser for all tests, and the services that it looks at, each a real process."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver

from retrieval.building import build
from retrieval.encoders import BundledEncoder
from tests.browser.window import CHROMEDRIVER, CHROMIUM, Window, has_chromium, start_chromium
from tests.http_process import HttpProcess, running_http

KEY = "browser-0123456789abcdef"

# A quote behind characters that JavaScript counts twice.
EMOJI_TEXT = (
    "😀🎉👍 Chào mừng hội nghị 🇻🇳 của tỉnh.\n"
    "Năm 2023, chỉ số hài lòng của người dân tỉnh Lạng Sơn đạt 88,7% 👏.\n"
    "Hội nghị kết thúc vào buổi chiều 🌾 cùng ngày."
)
HOSTILE_TITLE = '<img src=x onerror="window.hacked = 1">Hội nghị ở Lào Cai'
HOSTILE_TEXT = (
    "Hội nghị khai mạc buổi sáng. <script>window.hacked = 1</script>\n"
    'Năm 2022, tỉnh Lào Cai có 47 mô hình <svg onload="window.hacked = 1"> dân vận khéo.\n'
    "Các đại biểu đã tham gia nhiều ý kiến."
)
# Printed by two papers.
WIRE_TEXT = (
    "Sáng 4/5, tại thành phố Hòa Bình, Ban Dân vận Tỉnh ủy tổ chức hội nghị giao ban quý II.\n"
    "Hội nghị đánh giá phong trào thi đua đã lan tỏa đến từng thôn, bản, tổ dân phố.\n"
    "Các đại biểu đề nghị tiếp tục nhân rộng những cách làm hay trong vận động nhân dân hiến đất."
)
MANY = 25
ODD = MANY + 4


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    if not has_chromium():
        pytest.skip(f"the browser is missing: {CHROMIUM} and {CHROMEDRIVER}")
    driver = start_chromium(tmp_path_factory.mktemp("profile"))
    driver.set_script_timeout(60)
    yield driver
    driver.quit()


@pytest.fixture
def window(chromium: webdriver.Chrome) -> Iterator[Window]:
    """For every test it holds: nothing is asked of another host, and the console is silent."""
    window = Window(chromium)
    window.begin()
    yield window
    complaints = window.complaints()
    window.end()
    assert not complaints


@pytest.fixture(scope="session")
def seeds_service(
    seed_vectors: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[HttpProcess]:
    """Over the five articles."""
    with running_http(seed_vectors, tmp_path_factory.mktemp("http")) as service:
        yield service


@pytest.fixture(scope="session")
def odd_vectors(encoder: BundledEncoder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of articles that are hard to show, and of more than a page of plain ones."""
    folder = tmp_path_factory.mktemp("odd")
    seeds = folder / "seeds"
    seeds.mkdir()
    write(
        seeds / "emoji.txt", EMOJI_TEXT, "Hội nghị dân vận 😀 ở Lạng Sơn", "Lạng Sơn", "2024-02-05"
    )
    write(seeds / "hostile.txt", HOSTILE_TEXT, HOSTILE_TITLE, "Lào Cai", "2023-03-09")
    for paper, day in (("Báo Một", "2024-05-04"), ("Báo Hai", "2024-05-05")):
        title = f"Hòa Bình: giao ban quý II ({paper})"
        write(seeds / f"wire-{day}.txt", WIRE_TEXT, title, "Hòa Bình", day)
    for number in range(MANY):
        text = f"Xã số {number} của tỉnh Yên Bái họp bàn về đường giao thông nông thôn trong năm."
        title = f"Yên Bái: xã số {number} họp bàn"
        day = f"2021-{number % 12 + 1:02d}-15"
        write(seeds / f"plain-{number:02d}.txt", text, title, "Yên Bái", day)
    report = build(seeds, folder / "vectors", encoder)
    assert report.read == ODD
    return folder / "vectors"


def write(path: Path, text: str, title: str, province: str, date: str) -> None:
    """An article with what is known of it beside it."""
    path.write_text(text, encoding="utf-8")
    known = {"title": title, "source": "Báo Thử", "province": province, "date": date}
    path.with_suffix(".json").write_text(json.dumps(known), encoding="utf-8")


@pytest.fixture(scope="session")
def odd_service(
    odd_vectors: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[HttpProcess]:
    with running_http(odd_vectors, tmp_path_factory.mktemp("http")) as service:
        yield service


@pytest.fixture(scope="session")
def guarded_service(
    seed_vectors: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[HttpProcess]:
    """For people with a key, who may ask once a minute."""
    settings = {"HTTP_API_KEYS": f"van-phong:{KEY}", "HTTP_QUESTIONS_PER_MINUTE": "1"}
    with running_http(seed_vectors, tmp_path_factory.mktemp("http"), settings) as service:
        yield service


@pytest.fixture
def seeds(window: Window, seeds_service: HttpProcess) -> Window:
    """A window on the service over the five articles."""
    window.address = seeds_service.address
    return window


@pytest.fixture
def odd(window: Window, odd_service: HttpProcess) -> Window:
    """A window on the service over the articles that are hard to show."""
    window.address = odd_service.address
    return window


@pytest.fixture
def guarded(window: Window, guarded_service: HttpProcess) -> Window:
    """A window on the service that wants a key."""
    window.address = guarded_service.address
    return window
