"""What articles hold is text; nothing is asked of others; the first paint is small."""

from __future__ import annotations

import re

import httpx
import pytest

from tests.browser.conftest import HOSTILE_TITLE
from tests.browser.test_asking import QUESTION, asked, first_mark_is_seen, marked
from tests.browser.window import Window

HOSTILE = "Lào Cai có bao nhiêu mô hình dân vận khéo năm 2022?"
EMOJI = "Chỉ số hài lòng của người dân tỉnh Lạng Sơn năm 2023 là bao nhiêu?"


def test_markup_of_an_article_stays_text(odd: Window) -> None:
    """In the answer, the article, the list of sources, the archive and the explanation."""
    odd.visit()
    odd.ask(HOSTILE)
    odd.open_citation()
    odd.screenshot("hostile")
    assert odd.text("#article-title") == HOSTILE_TITLE
    assert "<script>window.hacked = 1</script>" in odd.text("#article .article-text")
    assert '<svg onload="window.hacked = 1">' in odd.text("#article .article-text")
    assert HOSTILE_TITLE in odd.text(".sources")
    assert is_harmless(odd)
    trace = odd.find(".turn").get_attribute("data-answer")
    odd.visit(f"/giai-thich/{trace}")
    odd.find(".hit")
    assert HOSTILE_TITLE in odd.text(".hits")
    assert is_harmless(odd)
    odd.visit("/kho?noi=Lào Cai")
    odd.find("#articles button").click()
    odd.find("#article .article-text")
    assert HOSTILE_TITLE in odd.text("#articles")

    assert is_harmless(odd)


def test_what_one_asks_stays_text(odd: Window) -> None:
    """Also in the list of what was asked, after a reload."""
    odd.visit()
    odd.ask('<img src=x onerror="window.hacked = 1"> là gì?')
    assert odd.text(".question") == '<img src=x onerror="window.hacked = 1"> là gì?'
    odd.visit()
    odd.find("#history-list .again").click()
    odd.answered(1)

    assert is_harmless(odd)


def is_harmless(window: Window) -> bool:
    """No element came out of the text, and no script of it ran."""
    return bool(
        window.script(
            "return !('hacked' in window) && !document.querySelector("
            "'main script, main img, main svg, main iframe')"
        )
    )


def test_offsets_count_characters_not_units(odd: Window) -> None:
    """Behind emoji, which JavaScript counts twice, the highlight is still the quote."""
    odd.visit()
    odd.ask(EMOJI)
    odd.open_citation()
    odd.screenshot("emoji")

    assert asked(odd, EMOJI)["citations"][0]["quote"] == marked(odd)
    assert marked(odd).startswith("Năm 2023, chỉ số hài lòng")
    assert first_mark_is_seen(odd)


def test_a_quote_that_the_article_has_no_more_is_shown_by_itself(odd: Window) -> None:
    """Where the archive has changed since the answer, no other words are highlighted."""
    odd.visit()
    odd.ask(EMOJI)
    odd.script(
        "const kept = JSON.parse(localStorage['hoi-dap.lich-su']);"
        "kept[0].answer.citations[0].quote = 'Năm 2023 đạt 99%.';"
        "localStorage['hoi-dap.lich-su'] = JSON.stringify(kept)"
    )
    odd.visit()
    odd.find("#history-list .again").click()
    odd.answered(1)
    odd.open_citation()

    assert not odd.all("#article mark")
    assert odd.text("#article .notice blockquote") == "Năm 2023 đạt 99%."


@pytest.mark.parametrize("path", ["/", "/kho", "/dang-nhap"])
def test_the_first_paint_is_small(seeds: Window, path: str) -> None:
    """All that a page loads, what it asks of the API included, is below 100 KB."""
    seeds.command("Network.setCacheDisabled", cacheDisabled=True)
    try:
        seeds.visit(path)
        seeds.until(lambda: seeds.script("return document.readyState") == "complete", "not loaded")
        if path == "/":
            seeds.find("#suggestions button")
        if path == "/kho":
            seeds.find("#articles li")
        sizes: dict[str, int] = seeds.script(
            "return Object.fromEntries([...performance.getEntriesByType('navigation'),"
            "...performance.getEntriesByType('resource')].map((one) => [one.name,"
            "one.transferSize]))"
        )
    finally:
        seeds.command("Network.setCacheDisabled", cacheDisabled=False)

    assert all(sizes.values())
    assert 5_000 < sum(sizes.values()) < 100_000


@pytest.mark.parametrize("path", ["/", "/kho", "/giai-thich/x", "/dang-nhap"])
def test_a_page_names_its_scripts_at_once(seeds: Window, path: str) -> None:
    """None of them is only found once another has come, and none is named in vain."""
    seeds.expected = ["404"]
    seeds.visit(path)
    named, loaded = seeds.script(
        "const links = document.querySelectorAll('link[rel=modulepreload], script[src]');"
        "return [[...links].map((one) => one.href ?? one.src).sort(),"
        "[...new Set(performance.getEntriesByType('resource').map((one) => one.name)"
        ".filter((name) => name.endsWith('.js')))].sort()]"
    )

    assert imported(seeds.address, named) == set(named)
    assert set(loaded) == set(named)


def imported(address: str, named: list[str]) -> set[str]:
    """The page's own script, and all that these import."""
    own = {one for one in named if one.endswith("-page.js")}
    found = {
        f"{address}/static/{name}"
        for one in named
        for name in re.findall(r'from "\./([\w-]+\.js)"', httpx.get(one).text)
    }
    return own | found


def test_the_policy_of_the_service_lets_no_script_in(seeds: Window) -> None:
    """A script that came into the page would not run: the policy is in force here."""
    seeds.expected = ["Content Security Policy"]
    seeds.visit()
    seeds.script(
        "const inline = document.createElement('script'); inline.textContent = 'window.ran = 1';"
        "document.body.append(inline)"
    )

    assert not seeds.script("return 'ran' in window")


@pytest.mark.parametrize("width", [320, 360, 768, 1024, 1366, 1920])
def test_nothing_is_wider_than_the_window(seeds: Window, width: int) -> None:
    """No page scrolls sideways, with an answer, an article, all fields open, or without."""
    seeds.size(width, 740)
    seeds.visit()
    seeds.find("#filters summary").click()
    seeds.ask(QUESTION)
    seeds.button("Xem lời trích").click()
    assert fits(seeds)
    if width == 360:
        seeds.screenshot("phone-answer")
    trace = seeds.find(".turn").get_attribute("data-answer")
    seeds.open_citation()
    assert fits(seeds)
    for path, sign in (("/kho", "#articles li"), (f"/giai-thich/{trace}", ".hit")):
        seeds.visit(path)
        seeds.find(sign)
        for one in seeds.all(".charts > details:not([open]) > summary"):
            one.click()
        assert fits(seeds), path
        if width == 360:
            seeds.screenshot(f"phone-{path.split('/')[1]}")
    seeds.visit("/dang-nhap")

    assert fits(seeds)


def fits(window: Window) -> bool:
    return bool(
        window.script(
            "const outside = [...document.querySelectorAll('main *, header *')].filter((one) =>"
            "  one.checkVisibility() && one.getBoundingClientRect().right > innerWidth + 1"
            "  && !one.closest('.only-heard, .skip, .month'));"
            "return document.documentElement.scrollWidth <= innerWidth && outside.length === 0"
        )
    )
