"""What the fixture files in `tests/articles` say of each article (see its README)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from retrieval.articles import read_article
from retrieval.errors import ArticleError
from retrieval.schema import Article
from retrieval.text import normalise, squeeze

FOLDER = Path(__file__).parent / "articles"
EXPECTATIONS = sorted((FOLDER / "valid").glob("*.expected.json"))
REASONS = sorted((FOLDER / "rejected").glob("*.expected.txt"))
FIELDS = ("title", "source", "province", "date", "label")

# The 63 provinces of the time before 1/7/2025 (and Huế of 2025) by region.
REGIONS = {
    "Tây Bắc": "Lai Châu, Điện Biên, Sơn La, Hòa Bình, Lào Cai, Yên Bái",
    "Đông Bắc": (
        "Hà Giang, Cao Bằng, Bắc Kạn, Lạng Sơn, Tuyên Quang, Thái Nguyên, Phú Thọ, "
        "Bắc Giang, Quảng Ninh"
    ),
    "Đồng bằng sông Hồng": (
        "Hà Nội, Hải Phòng, Hải Dương, Hưng Yên, Bắc Ninh, Vĩnh Phúc, Hà Nam, Nam Định, "
        "Ninh Bình, Thái Bình"
    ),
    "Bắc Trung Bộ": "Thanh Hóa, Nghệ An, Hà Tĩnh, Quảng Bình, Quảng Trị, Thừa Thiên Huế, Huế",
    "Nam Trung Bộ": (
        "Đà Nẵng, Quảng Nam, Quảng Ngãi, Bình Định, Phú Yên, Khánh Hòa, Ninh Thuận, Bình Thuận"
    ),
    "Tây Nguyên": "Kon Tum, Gia Lai, Đắk Lắk, Đắk Nông, Lâm Đồng",
    "Đông Nam Bộ": ("Hồ Chí Minh, Đồng Nai, Bình Dương, Bình Phước, Tây Ninh, Bà Rịa - Vũng Tàu"),
    "Đồng bằng sông Cửu Long": (
        "Long An, Tiền Giang, Bến Tre, Trà Vinh, Vĩnh Long, Đồng Tháp, An Giang, Kiên Giang, "
        "Cần Thơ, Hậu Giang, Sóc Trăng, Bạc Liêu, Cà Mau"
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One field of one fixture: what would be right, and what was read."""

    field: str
    right: bool
    accepted: object
    actual: object


@cache
def load(expectation: Path) -> dict[str, Any]:
    fields: dict[str, Any] = json.loads(expectation.read_text(encoding="utf-8"))
    return fields


def article_of(expectation: Path, marker: str) -> Path:
    """The one file beside an expectation that is neither it nor a sidecar."""
    name = expectation.name.removesuffix(marker)
    beside = [
        path
        for path in expectation.parent.glob(f"{name}.*")
        if path != expectation and path.suffix != ".json"
    ]
    assert len(beside) == 1, f"{name}: expected one article, found {beside}"
    return beside[0]


@cache
def read(expectation: Path) -> Article:
    return read_article(article_of(expectation, ".expected.json"))


def findings(expectation: Path) -> list[Finding]:
    expected, article = load(expectation), read(expectation)
    day = article.date.isoformat() if article.date else None
    result = []
    for field in FIELDS:
        actual = day if field == "date" else getattr(article, field)
        wanted = expected[field]
        accepted = wanted if isinstance(wanted, list) else [wanted]
        result.append(Finding(field, actual in accepted, wanted, actual))
    text = squeeze(article.text)
    lost = [s for s in expected["contains"] if squeeze(normalise(s)) not in text]
    kept = [s for s in expected["absent"] if squeeze(normalise(s)) in text]
    result.append(Finding("contains", not lost, expected["contains"], f"lost {lost}"))
    result.append(Finding("absent", not kept, expected["absent"], f"kept {kept}"))
    return result


def name_of(path: Path) -> str:
    return path.name.split(".")[0]


def test_there_are_fixtures() -> None:
    """A glob that finds nothing would make every test below pass."""
    assert len(EXPECTATIONS) >= 30
    assert len(REASONS) >= 10


@pytest.mark.parametrize("expectation", EXPECTATIONS, ids=name_of)
def test_article_is_read_as_an_archivist_would(expectation: Path) -> None:
    """Every field, sentence and caption is as stated; no page remnant is in the text."""
    wrong = [finding for finding in findings(expectation) if not finding.right]

    assert wrong == []


@pytest.mark.parametrize("reason", REASONS, ids=name_of)
def test_what_is_no_article_is_rejected_with_its_reason(reason: Path) -> None:
    """The message names the reason, so that a summary can print it."""
    with pytest.raises(ArticleError) as caught:
        read_article(article_of(reason, ".expected.txt"))

    assert reason.read_text(encoding="utf-8").strip() in str(caught.value).lower()


def test_at_least_95_percent_of_all_fields_are_right() -> None:
    """The figure that the project promises, over every field of every fixture."""
    found = [finding for expectation in EXPECTATIONS for finding in findings(expectation)]
    right = sum(finding.right for finding in found)

    assert right / len(found) >= 0.95, f"{right} of {len(found)} fields"


@pytest.mark.parametrize("region", REGIONS)
def test_every_region_is_represented(region: str) -> None:
    """At least three fixtures from each region of the country."""
    provinces = REGIONS[region].split(", ")
    here = [path for path in EXPECTATIONS if load(path)["province"] in provinces]

    assert len(here) >= 3


@pytest.mark.parametrize(
    ("folder", "least"),
    [("heldout", 40), ("adversarial", 60), ("reviewed", 58), ("fresh", 20)],
)
def test_sets_that_were_written_without_sight_of_the_reader(folder: str, least: int) -> None:
    """Every label of theirs is right, and 95 % of all fields; what is not is in the message."""
    expectations = sorted((FOLDER / folder).glob("*.expected.json"))
    found = [
        (expectation.name, finding)
        for expectation in expectations
        for finding in findings(expectation)
    ]
    wrong = [(name, finding) for name, finding in found if not finding.right]

    assert len(expectations) >= least
    assert [pair for pair in wrong if pair[1].field in ("label", "date", "province")] == []
    assert len(wrong) <= 0.05 * len(found), wrong
