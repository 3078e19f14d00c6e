"""What was asked in this browser: kept, opened again, deleted."""

from __future__ import annotations

import httpx

from tests.browser.test_asking import LABEL, LIMITS, QUESTION
from tests.browser.window import Window


def listed(window: Window) -> list[str]:
    return [one.text for one in window.all("#history-list .again span")]


def test_it_lasts_over_a_reload(seeds: Window) -> None:
    """The newest first; an entry opens its answer with chips that work, without asking again."""
    seeds.visit()
    seeds.ask(QUESTION)
    seeds.ask(LIMITS)
    seeds.visit()
    assert listed(seeds) == [LIMITS, QUESTION]
    seeds.take_logs()
    seeds.all("#history-list .again")[1].click()
    seeds.answered(1)
    seeds.screenshot("history")

    assert seeds.text(".question") == QUESTION
    assert [one.text for one in seeds.all(".chip")] == [LABEL]
    assert not [one for one in seeds.take_logs()[1] if one.endswith("/v1/ask")]
    seeds.open_citation()
    assert "91,3%" in seeds.text("#article mark")


def test_one_entry_can_be_taken_out(seeds: Window) -> None:
    """For good, and the focus goes to the next."""
    seeds.visit()
    seeds.ask(QUESTION)
    seeds.ask(LIMITS)
    seeds.all("#history-list .forget")[0].click()
    assert listed(seeds) == [QUESTION]
    assert seeds.has_focus(".forget")
    seeds.visit()

    assert listed(seeds) == [QUESTION]


def test_all_of_it_is_deleted_here_and_on_the_service(seeds: Window) -> None:
    """After one has said so twice; then the service knows the answer no more."""
    seeds.visit()
    seeds.ask(QUESTION)
    trace = seeds.find(".turn").get_attribute("data-answer")
    address = f"{seeds.address}/v1/answers/{trace}"
    assert httpx.get(address).status_code == 200
    seeds.button("Xoá tất cả").click()
    assert seeds.has_focus("#history-no")
    seeds.find("#history-no").click()
    assert listed(seeds) == [QUESTION]
    seeds.button("Xoá tất cả").click()
    seeds.screenshot("history-delete")
    seeds.find("#history-yes").click()
    seeds.until(lambda: "trên máy chủ" in seeds.text("#history-told"), "not told")

    assert httpx.get(address).status_code == 404
    seeds.visit()
    assert listed(seeds) == []


def test_without_storage_the_page_works(seeds: Window) -> None:
    """The list lasts as long as the page, and says so."""
    seeds.before_pages(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no',"
        "'SecurityError'); }});"
    )
    seeds.visit()
    assert seeds.is_shown("#history-unkept")
    seeds.ask(QUESTION)

    assert listed(seeds) == [QUESTION]
    assert seeds.all(".chip")


def test_a_damaged_list_is_not_shown(seeds: Window) -> None:
    """Whatever another version or a person left there, the page opens."""
    seeds.before_pages(
        "try { localStorage.setItem('hoi-dap.lich-su', '[{\"id\": 1}, null, \"x\"]') } catch {}"
    )
    seeds.visit()

    assert listed(seeds) == []
    assert seeds.is_shown("#history-empty")
