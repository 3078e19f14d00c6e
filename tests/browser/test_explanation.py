"""The page that tells how an answer came about."""

from __future__ import annotations

import httpx

from tests.browser.test_asking import LABEL, asked, first_mark_is_seen
from tests.browser.window import Window

TYPED = "chi so hai long cua nguoi dan Bac Kan nam 2020 la bao nhieu?"


def test_the_link_of_an_answer_leads_there(seeds: Window) -> None:
    """What was understood, every hit with its scores as bars and figures, times and versions."""
    seeds.visit()
    seeds.ask(TYPED)
    trace = seeds.find(".turn").get_attribute("data-answer")
    record = httpx.get(f"{seeds.address}/v1/answers/{trace}").json()
    seeds.button("Vì sao?").click()
    seeds.find(".hit")
    seeds.screenshot("explanation")

    assert f"/giai-thich/{trace}" in seeds.driver.current_url
    understood = seeds.text(".card:nth-of-type(2)")
    assert "chỉ số hài lòng của người dân Bắc Kạn năm 2020 là bao nhiêu?" in understood
    assert "“nam 2020”: từ 1/1/2020 đến 31/12/2020" in understood
    first = record["hits"][0]
    shown = seeds.find(".hit").text
    assert f"{first['dense_score']:.3f} (hạng 1)".replace(".", ",") in shown
    assert f"{first['sparse_score']:.1f} (hạng 1)".replace(".", ",") in shown
    assert f"{first['score']:.3f}".replace(".", ",") in shown
    assert "Cộng: đúng địa phương" in shown
    assert "Được trích trong câu trả lời" in shown
    assert record["versions"]["corpus"] in seeds.text("#beside")
    assert len(seeds.all("#beside .scores > div")) == len(record["timings_ms"])


def test_bars_are_as_long_as_their_figures(seeds: Window) -> None:
    """A meaning score of .89 fills .89 of its bar."""
    seeds.visit(f"/giai-thich/{asked(seeds, TYPED)['trace_id']}")
    seeds.find(".hit")
    share = seeds.script(
        "const bar = document.querySelector('.hit .bar'); return bar.firstElementChild"
        ".getBoundingClientRect().width / bar.clientWidth"
    )
    figure = float(seeds.find(".hit .figure").text.split(" ")[0].replace(",", "."))

    assert abs(share - figure) < 0.01


def test_further_hits_come_when_they_are_asked_for(seeds: Window) -> None:
    """The focus goes to the first of them."""
    seeds.visit(f"/giai-thich/{asked(seeds, TYPED)['trace_id']}")
    seeds.find(".hit")
    assert len(seeds.all(".hit")) == 6
    seeds.button("Xem thêm 24 đoạn").click()

    assert len(seeds.all(".hit")) == 30
    assert seeds.has_focus(".hit:nth-child(7) .chip")


def test_a_hit_opens_its_passage(seeds: Window) -> None:
    """And a chip of the answer its quote."""
    seeds.visit(f"/giai-thich/{asked(seeds, TYPED)['trace_id']}")
    seeds.find(".hit .chip").click()
    seeds.find("#article .article-text")
    assert first_mark_is_seen(seeds)
    seeds.button("Đóng").click()
    seeds.button(LABEL, ".answer-text").click()
    seeds.find("#article mark")

    assert "91,3%" in seeds.text("#article mark")


def test_a_refusal_is_explained_too(seeds: Window) -> None:
    """With the outcome in words."""
    seeds.visit(f"/giai-thich/{asked(seeds, 'Ai là chủ tịch nước Pháp?')['trace_id']}")
    seeds.find(".card")

    assert "các bài không nói đến" in seeds.text(".card")


def test_an_unknown_id_is_said(seeds: Window) -> None:
    """In a sentence."""
    seeds.expected = ["404"]
    seeds.visit("/giai-thich/0000000000000000")
    seeds.until(lambda: "không còn nữa" in seeds.text("#told"), "nothing is said")
