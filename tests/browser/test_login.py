"""Logging in, out, and what happens when one asks too often."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.keys import Keys

from tests.browser.conftest import KEY
from tests.browser.test_asking import QUESTION
from tests.browser.window import Window


def log_in(window: Window, key: str = KEY) -> None:
    window.find("#key").send_keys(key + Keys.ENTER)


def path(window: Window) -> str:
    found: str = window.script("return location.pathname + location.search")
    return found


def test_a_page_leads_to_the_login_and_back(guarded: Window) -> None:
    """With the filters that its address had."""
    guarded.visit("/kho?noi=B%E1%BA%AFc%20K%E1%BA%A1n")
    guarded.until(lambda: guarded.has_focus("#key"), "the field has no focus")
    guarded.screenshot("login")
    log_in(guarded)
    guarded.until(lambda: path(guarded).startswith("/kho"), "not back")

    assert path(guarded) == "/kho?noi=B%E1%BA%AFc%20K%E1%BA%A1n"
    guarded.until(lambda: "van-phong" in guarded.text("#account"), "no name in the head")


def test_a_wrong_key_is_said(guarded: Window) -> None:
    """And the field is there to be filled again."""
    guarded.expected = ["401"]
    guarded.visit("/dang-nhap")
    log_in(guarded, "wrong-0123456789abcdef")
    guarded.until(lambda: bool(guarded.text("#told")), "nothing is said")
    guarded.screenshot("login-wrong")

    assert guarded.text("#told") == "Khoá truy cập không đúng hoặc không còn hiệu lực."
    assert guarded.has_focus("#key")


@pytest.mark.parametrize(
    "elsewhere",
    ["//example.org/", "/\\example.org", "https://example.org/", "javascript:alert(1)", "/\t/x.y"],
)
def test_the_login_leads_to_no_other_site(guarded: Window, elsewhere: str) -> None:
    """Whatever a link to it says."""
    assert guarded.address
    guarded.visit("/dang-nhap")
    safe = guarded.module("login-page.js", "return it.safePath(given[0], 'http://a.b')", elsewhere)

    assert safe == "/"


def test_a_session_that_has_ended_leads_to_the_login(guarded: Window) -> None:
    """Also where a page was open already; after it one is back at that page."""
    guarded.expected = ["401"]
    guarded.visit("/dang-nhap?tiep=/kho")
    log_in(guarded)
    guarded.find("#articles li")
    guarded.command("Network.clearBrowserCookies")
    guarded.find("#articles button").click()
    guarded.until(lambda: path(guarded).startswith("/dang-nhap"), "no login")

    assert "/dang-nhap?tiep=%2Fkho%3Fbai%3D" in path(guarded)


def test_one_can_log_out(guarded: Window) -> None:
    """Then the pages want the key again."""
    guarded.visit("/dang-nhap")
    log_in(guarded)
    guarded.find("#question")
    guarded.visit("/dang-nhap")
    guarded.until(lambda: guarded.is_shown("#log-out"), "no button")
    assert guarded.text("#who") == "Đang đăng nhập với tên van-phong."
    guarded.screenshot("logged-in")
    guarded.find("#log-out").click()
    guarded.until(lambda: guarded.is_shown("#key"), "still logged in")
    guarded.visit("/")

    assert path(guarded).startswith("/dang-nhap")


def test_where_nobody_logs_in_the_page_says_so(seeds: Window) -> None:
    """Without a field or a button that would do nothing."""
    seeds.visit("/dang-nhap")
    seeds.until(lambda: seeds.is_shown("#logged-in"), "nothing is said")

    assert seeds.text("#who") == "Dịch vụ này không cần đăng nhập."
    assert not seeds.is_shown("#log-out")
    assert not seeds.is_shown("#key")


def test_who_asks_too_often_is_told_when_to_ask_again(guarded: Window) -> None:
    """The button counts down; the seconds are the service's."""
    guarded.expected = ["429"]
    guarded.visit("/dang-nhap")
    log_in(guarded)
    guarded.find("#question")
    guarded.ask(QUESTION)
    guarded.ask(QUESTION)
    guarded.screenshot("too-often")

    assert "Đã hỏi quá nhiều" in guarded.text(".turn:first-child .problem")
    again = guarded.find(".turn:first-child .choices button")
    assert again.text.startswith("Thử lại sau ")
    assert again.get_attribute("disabled") == "true"
    assert 0 < int(again.text.split(" ")[3]) <= 60
