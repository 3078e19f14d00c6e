"""The page that shows what the archive has."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from selenium.webdriver.common.keys import Keys

from tests.browser.conftest import ODD
from tests.browser.window import Window

NEWEST = "Bắc Kạn: Đoàn công tác liên ngành Trung ương làm việc với UBND tỉnh"


def titles(window: Window) -> list[str]:
    return [one.text for one in window.all("#articles button > span")]


def address(window: Window) -> dict[str, list[str]]:
    return parse_qs(urlsplit(window.driver.current_url).query)


def shows(window: Window, articles: int) -> None:
    """Wait for so many in the list."""
    window.until(
        lambda: (
            window.find("#articles").get_attribute("aria-busy") == "false"
            and len(window.all("#articles li")) == articles
        ),
        f"not {articles} articles",
    )


def test_it_tells_what_there_is(seeds: Window) -> None:
    """Articles, first and last day, and bars whose figures are text."""
    seeds.visit("/kho")
    shows(seeds, 5)
    seeds.screenshot("archive")

    assert seeds.text("#holdings") == "Kho có 5 bài viết, từ 14/10/2017 đến 23/7/2024."
    assert titles(seeds)[0].startswith(NEWEST)
    assert seeds.find("#provinces .place").text.split("\n") == ["Bắc Kạn", "2 bài"]
    months = [one.get_attribute("title") for one in seeds.all("#months button.month")]
    assert len(months) == 5
    assert months[0] == "Tháng 7/2024: 1 bài"
    assert seeds.text("#months button.month") == "T7 1 bài, tháng 7 năm 2024"


def test_a_month_filters_the_list(seeds: Window) -> None:
    """And the address says so; pressed again it filters no more."""
    seeds.visit("/kho")
    shows(seeds, 5)
    seeds.find('[title^="Tháng 7/2023"]').click()
    shows(seeds, 1)
    assert address(seeds) == {"tu": ["7/2023"], "den": ["7/2023"]}
    month = seeds.find('[title^="Tháng 7/2023"]')
    assert month.get_attribute("aria-pressed") == "true"
    assert seeds.script("return document.activeElement === arguments[0]", month)
    seeds.screenshot("archive-month")
    month.click()
    shows(seeds, 5)

    assert address(seeds) == {}


def test_year_place_and_words_filter_together(seeds: Window) -> None:
    """Each can be taken back by itself."""
    seeds.visit("/kho")
    shows(seeds, 5)
    seeds.button("Năm 2017").click()
    shows(seeds, 2)
    seeds.button("Quảng Ninh", "#provinces").click()
    shows(seeds, 1)
    assert address(seeds) == {"tu": ["2017"], "den": ["2017"], "noi": ["Quảng Ninh"]}
    seeds.find("#words").send_keys("quy chế dân chủ" + Keys.ENTER)
    shows(seeds, 1)
    seeds.button("Quảng Ninh ✕", "#chosen").click()
    shows(seeds, 2)

    assert seeds.text("#found") == "2 bài viết"


def test_the_address_opens_what_was_shown(seeds: Window) -> None:
    """A link with filters and an article; going back undoes them one by one."""
    seeds.visit("/kho?noi=Bắc Kạn")
    shows(seeds, 2)
    seeds.all("#articles button")[1].click()
    seeds.find("#article .article-text")
    link = seeds.driver.current_url
    assert address(seeds) == {"noi": ["Bắc Kạn"], "bai": ["004_39e6743387f984c4.txt"]}
    seeds.driver.back()
    seeds.until(lambda: not seeds.is_shown("#article"), "still open")
    assert address(seeds) == {"noi": ["Bắc Kạn"]}
    seeds.driver.get(link)
    seeds.find("#article .article-text")
    seeds.screenshot("archive-article")

    assert seeds.text("#article-title").startswith("Tiếp tục đổi mới phương thức")
    shows(seeds, 2)


def test_an_article_is_closed_by_esc(seeds: Window) -> None:
    """The focus is on the entry again, and the address names no article."""
    seeds.visit("/kho")
    shows(seeds, 5)
    seeds.all("#articles button")[2].send_keys(Keys.ENTER)
    seeds.find("#article .article-text")
    seeds.keys(Keys.ESCAPE)
    seeds.until(lambda: not seeds.is_shown("#article"), "still open")

    third = "return document.activeElement === document.querySelectorAll('#articles button')[2]"
    assert seeds.script(third)
    assert address(seeds) == {}


def test_a_long_list_has_pages(odd: Window) -> None:
    """Twenty articles each, and the page is in the address."""
    odd.visit("/kho")
    shows(odd, 20)
    assert odd.button("← Mới hơn").get_attribute("disabled") == "true"
    odd.button("Cũ hơn →").click()
    shows(odd, ODD - 20)
    assert address(odd) == {"trang": ["2"]}
    odd.button("Yên Bái", "#provinces").click()
    shows(odd, 20)

    assert address(odd) == {"noi": ["Yên Bái"]}


def test_nothing_found_is_said(seeds: Window) -> None:
    """In a sentence that a screen reader hears."""
    seeds.visit("/kho?tim=xyzxyz")
    shows(seeds, 0)

    assert seeds.text("#found") == "Không có bài nào như vậy"
    assert seeds.find("#found-told").get_attribute("role") == "status"


def test_a_filter_that_can_not_be_used_is_said(seeds: Window) -> None:
    """In the service's own words; the rest of the page stays."""
    seeds.expected = ["422"]
    seeds.visit("/kho?tu=hôm nào đó")
    seeds.until(lambda: seeds.is_shown("#articles-problem .problem"), "nothing is said")
    seeds.screenshot("archive-problem")

    assert seeds.all("#months .month")
    assert seeds.button("Thử lại")


def test_an_article_that_is_gone_is_said(seeds: Window) -> None:
    """Where a link is older than the archive."""
    seeds.expected = ["404"]
    seeds.visit("/kho?bai=khong-co.txt")
    seeds.find("#article [role=alert]")

    assert seeds.text("#article [role=alert]") == "Không có nội dung này, hoặc không còn nữa."


def test_who_else_tells_a_story(odd: Window) -> None:
    """An article names the others, and each opens in its place; the focus comes back."""
    odd.visit("/kho?noi=Hòa Bình")
    shows(odd, 2)
    opener = odd.find("#articles button")
    opener.click()
    odd.find("#article .article-also")
    odd.screenshot("article-also")
    assert odd.text("#article-title") == "Hòa Bình: giao ban quý II (Báo Hai)"
    odd.button("Hòa Bình, 4/5/2024: Hòa Bình: giao ban quý II (Báo Một)", "#article").click()
    odd.until(
        lambda: odd.text("#article-title") == "Hòa Bình: giao ban quý II (Báo Một)",
        "the other article is not shown",
    )
    assert odd.text("#article .article-also li").startswith("Hòa Bình, 5/5/2024")
    odd.button("Đóng", "#article").click()

    assert odd.script("return document.activeElement === arguments[0]", opener)
