"""axe-core finds nothing to complain of, on any page in any state, by day and by night."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from selenium.webdriver.common.keys import Keys

from tests.browser.test_asking import LIMITS, NO_EVIDENCE, NO_PLACE, QUESTION, asked
from tests.browser.window import Window


def start(window: Window) -> None:
    window.visit()
    window.find("#suggestions button")


def filters(window: Window) -> None:
    start(window)
    window.find("#filters summary").click()
    window.find("#from").send_keys("hôm qua")


def answer(window: Window) -> None:
    window.visit()
    window.ask(QUESTION)
    window.ask(LIMITS)
    window.button("Xem lời trích").click()
    window.button("👎", ".turn").click()
    window.until(lambda: window.is_shown(".reason"), "no reason is asked for")


def refusals(window: Window) -> None:
    window.visit()
    window.ask(NO_EVIDENCE)
    window.ask(NO_PLACE)
    window.button("Tìm ở mọi nơi")
    window.button("Xoá tất cả").click()


def article(window: Window) -> None:
    window.visit()
    window.ask(LIMITS)
    window.open_citation()


def archive(window: Window) -> None:
    window.visit("/kho?noi=Bắc Kạn&tu=7/2024&den=7/2024")
    window.find("#articles li")
    window.find("#months .month")


def archive_article(window: Window) -> None:
    window.visit("/kho?bai=002_bacd95ad4e680c06.txt")
    window.find("#article .article-text")


def explanation(window: Window) -> None:
    window.visit(f"/giai-thich/{asked(window, QUESTION)['trace_id']}")
    window.find(".hit")


def login(window: Window) -> None:
    window.visit("/dang-nhap")
    window.script(
        "document.getElementById('login').hidden = false;"
        "document.getElementById('told').textContent = 'Khoá truy cập không đúng.'"
    )


STATES: list[Callable[[Window], None]] = [
    start, filters, answer, refusals, article, archive, archive_article, explanation, login,
]  # fmt: skip


@pytest.mark.parametrize("dark", [False, True], ids=["day", "night"])
@pytest.mark.parametrize("width", [360, 1366])
@pytest.mark.parametrize("state", STATES, ids=[state.__name__ for state in STATES])
def test_there_are_no_barriers(
    seeds: Window, state: Callable[[Window], None], width: int, dark: bool
) -> None:
    """Names, roles, contrast, order of headings, sizes of targets."""
    seeds.size(width, 740)
    seeds.emulate(dark=dark)
    state(seeds)
    night = "-night" if dark else ""
    seeds.screenshot(f"state-{state.__name__}-{width}{night}")

    assert seeds.barriers() == []


@pytest.mark.parametrize("path", ["/", "/kho", "/giai-thich/x", "/dang-nhap"])
def test_a_page_has_one_heading_of_the_first_rank(seeds: Window, path: str) -> None:
    """Its language is Vietnamese, and it has a title of its own."""
    seeds.expected = ["404"]
    seeds.visit(path)

    assert len(seeds.all("h1")) == 1
    assert seeds.script("return document.documentElement.lang") == "vi"
    assert "Hỏi đáp trên kho bài viết" in seeds.driver.title


def test_night_is_dark(seeds: Window) -> None:
    """The ground follows the system's scheme."""
    ground = "return getComputedStyle(document.documentElement).backgroundColor"
    seeds.visit()
    assert seeds.script(ground) == "rgb(238, 242, 245)"
    seeds.emulate(dark=True)

    assert seeds.script(ground) == "rgb(13, 21, 29)"


def test_nothing_moves_for_those_who_want_no_motion(seeds: Window) -> None:
    """The sign that it is searched stands still."""
    seeds.visit()
    seeds.script(
        "const sign = document.createElement('p'); sign.className = 'state';"
        "sign.textContent = '…'; document.getElementById('turns').append(sign)"
    )
    moving = "return getComputedStyle(document.querySelector('.state'), '::before').animationName"
    assert seeds.script(moving) == "breathe"
    reduced = [{"name": "prefers-reduced-motion", "value": "reduce"}]
    seeds.command("Emulation.setEmulatedMedia", features=reduced)

    assert seeds.script(moving) == "none"


def test_what_has_the_focus_is_seen(seeds: Window) -> None:
    """Every stop of the Tab key has an outline."""
    seeds.visit()
    seeds.ask(QUESTION)
    seeds.script("document.activeElement.blur(); scrollTo(0, 0)")
    outlines: dict[str, str] = {}
    for _ in range(25):
        seeds.keys(Keys.TAB)
        name, outline = seeds.script(
            "const one = document.activeElement;"
            "return [one.outerHTML.slice(0, 80), getComputedStyle(one).outlineStyle]"
        )
        if not name.startswith("<body"):
            outlines[name] = outline

    assert len(outlines) > 12
    assert {"solid"} == set(outlines.values()), outlines
