"""Provinces with the days on which their names were valid, districts, and the press.

The rows are in `data/*.csv` (origin in `data/README.md`). On 1/7/2025 the 63 provinces
became 34; an article keeps the name of its day, so every question about a name may need
the day too.
"""

from __future__ import annotations

import datetime
import difflib
import functools
import re
from dataclasses import dataclass

from retrieval.mentions import PlaceFinder
from retrieval.place_context import Mention, read_rows
from retrieval.schema import Succession
from retrieval.text import canonical, fold, normalise, squeeze

__all__ = ["District", "Gazetteer", "Mention", "Newspaper", "Province", "load"]


@dataclass(frozen=True, slots=True)
class Province:
    """A province or centrally-run city under one name.

    Attributes:
        kind: `tỉnh` or `thành phố`.
        valid_from: first day of the name; None for the provinces older than the press here.
        valid_until: first day on which the name was no longer valid, or None.
        merged_into: what it became part of on `valid_until`, or None.
        aliases: other spellings in use.
    """

    name: str
    kind: str
    valid_from: datetime.date | None
    valid_until: datetime.date | None
    merged_into: str | None
    aliases: tuple[str, ...]

    def is_valid_on(self, day: datetime.date) -> bool:
        """Whether the name was in force on that day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day < self.valid_until
        )


@dataclass(frozen=True, slots=True)
class District:
    """A district of the time before 1/7/2025, when districts were abolished."""

    name: str
    kind: str
    province: str


@dataclass(frozen=True, slots=True)
class Newspaper:
    """A newspaper, agency or station.

    Attributes:
        codes: what a dateline may call it: `QBĐT`, `TTXVN`.
        province: whose paper it is; None for one that reports on the whole country.
        kind: `tỉnh`, `trung ương`, or `cổng` for a province's own portal.
    """

    name: str
    codes: tuple[str, ...]
    province: str | None
    domains: tuple[str, ...]
    kind: str


_KIND_PREFIX = re.compile(r"^(?:tỉnh|thành phố|t\s*\.?\s*p\b\.?)\s*", re.IGNORECASE)
_NOT_ALPHANUMERIC = re.compile(r"[^0-9a-z]+")
_SHORT_CODE = 3  # "HN", "HCM": also other words, so only understood where a name is asked for
# "Báo", "Báo điện tử", "Báo và Phát thanh, Truyền hình": since 2025 paper and station are one.
_PAPER = re.compile(
    r"^(?:bao|dai)(?: dien tu)?(?:(?: va)?(?: dai)? (?:phat thanh|truyen hinh|pt ?th|ptth)"
    r"(?:(?: va)? truyen hinh)?)? (?P<rest>.+?)(?: dien tu| online)?$"
)
_PUBLIC_SUFFIX = re.compile(r"\.(?:(?:gov|com|org|net|info|edu|dcs)\.vn|vn|com|net|org)$")
_BODIES = {
    "bao": "Báo {name}",
    "congan": "Công an {kind} {name}",
    "tinhuy": "Tỉnh ủy {name}",
    "thanhuy": "Thành ủy {name}",
    "ptth": "Đài Phát thanh và Truyền hình {name}",
    "truyenhinh": "Đài Phát thanh và Truyền hình {name}",
}
_PORTAL = "Cổng thông tin điện tử {kind} {name}"
_STATION = "Đài Phát thanh và Truyền hình {name}"
_PARTY = "Đảng bộ {kind} {name}"


def _key(name: str) -> str:
    """What spellings of one name share: `Đắk Lắk`, `dak lak` and `DAKLAK` are `daklak`."""
    return _NOT_ALPHANUMERIC.sub("", fold(canonical(normalise(name))))


def _code_key(code: str) -> str:
    return re.sub(r"[\W_]+", "", canonical(normalise(code)))


def _list(field: str) -> tuple[str, ...]:
    return tuple(field.split("|")) if field else ()


def _day(field: str) -> datetime.date | None:
    return datetime.date.fromisoformat(field) if field else None


class Gazetteer:
    """All rows, with what is looked up in them. Use `load()`, which reads them once."""

    def __init__(
        self,
        provinces: tuple[Province, ...],
        districts: tuple[District, ...],
        newspapers: tuple[Newspaper, ...],
        distinct: frozenset[str],
    ) -> None:
        self.provinces = provinces
        self.districts = districts
        self.newspapers = newspapers
        self._distinct = distinct
        self._provinces: dict[str, Province] = {}
        for province in sorted(provinces, key=lambda row: row.valid_until or datetime.date.max):
            for name in province.aliases:
                self._provinces.setdefault(_key(name), province)
            self._provinces[_key(province.name)] = province
        self._by_name: dict[str, Newspaper] = {}
        self._by_code: dict[str, tuple[Newspaper, ...]] = {}
        self._by_folded_code: dict[str, tuple[Newspaper, ...]] = {}
        self._by_domain: dict[str, Newspaper] = {}
        for paper in newspapers:
            self._index_newspaper(paper)

    def _index_newspaper(self, paper: Newspaper) -> None:
        self._by_name.setdefault(_key(paper.name), paper)
        for code in paper.codes:
            self._by_name.setdefault(_key(code), paper)
            for table, key in (
                (self._by_code, _code_key(code)),
                (self._by_folded_code, _key(code)),
            ):
                if paper not in table.get(key, ()):
                    table[key] = (*table.get(key, ()), paper)
        for domain in paper.domains:
            self._by_domain[domain] = paper

    # --- provinces ---------------------------------------------------------------------

    def province(self, name: str) -> Province | None:
        """The province meant by a name typed by a person.

        Case, diacritics, tone placement, punctuation, aliases and a leading `tỉnh` or
        `TP.` make no difference.
        """
        name = squeeze(canonical(normalise(name)))
        return (
            self._provinces.get(_key(name))
            or self._provinces.get(_key(_KIND_PREFIX.sub("", name)))
            or self._provinces.get(_key(re.sub(r"^(?:tinh|thanh pho|tp)\b", "", fold(name))))
        )

    def provinces_on(self, day: datetime.date | None) -> tuple[Province, ...]:
        """Those in force on a day, sorted by name; of every time when the day is None."""
        return tuple(
            province for province in self.provinces if day is None or province.is_valid_on(day)
        )

    def name_on(self, name: str, day: datetime.date | None) -> str:
        """What the place of that name was called on a day; an unknown name is unchanged.

        A province of today is not split into its former parts: `Thái Nguyên` stays
        `Thái Nguyên` in 2024.
        """
        province = self.province(name)
        if province is None:
            return name
        if day is None:
            return province.name
        while province.valid_until and province.merged_into and day >= province.valid_until:
            province = self._provinces[_key(province.merged_into)]
        if province.valid_from and day < province.valid_from:
            former = [
                row.name
                for row in self.provinces
                if row.merged_into == province.name and row.valid_until == province.valid_from
            ]
            if len(former) == 1:
                return former[0]
        return province.name

    def successor(self, name: str) -> str:
        """The province that the place belongs to today."""
        province = self.province(name)
        while province and province.merged_into:
            name = province.merged_into
            province = self.province(name)
        return province.name if province else name

    def succession(self, name: str) -> Succession | None:
        """What a former province belongs to today, and since when; None for one of today."""
        province = self.province(name)
        if province is None or not (province.merged_into and province.valid_until):
            return None
        return Succession(province.name, self.successor(name), province.valid_until)

    def districts_of(self, name: str) -> tuple[str, ...]:
        """Of a province of the time before 1/7/2025."""
        return tuple(row.name for row in self.districts if row.province == name)

    def predecessors(self, name: str) -> tuple[str, ...]:
        """The province itself and, sorted after it, all that were merged into it."""
        province = self.province(name)
        if province is None:
            return (name,)
        found = [province.name]
        for current in found:
            found += [
                row.name
                for row in self.provinces
                if row.merged_into == current and row.name not in found
            ]
        return (found[0], *sorted(found[1:]))

    def nearest(self, name: str, count: int = 3) -> tuple[str, ...]:
        """The provinces whose names look most like an unknown one, best first."""
        # "k" and "c" are one sound: "Bắc Cạng" is nearer to Bắc Kạn than to Bắc Giang.
        names = {_key(row.name).replace("k", "c"): row.name for row in self.provinces}
        heard = _key(name).replace("k", "c")
        keys = difflib.get_close_matches(heard, names, n=count, cutoff=0.0)
        return tuple(names[key] for key in keys)

    def find_places(self, text: str) -> list[Mention]:
        """Provinces and districts that an NFC text with diacritics names, in order.

        Small letters are only accepted in a short text without capitals: a typed question;
        a small second syllable (`Bắc kạn`) in a short text or after `tỉnh` and the like.
        """
        return self._finder.find(text)

    @functools.cached_property
    def _finder(self) -> PlaceFinder:
        spellings = {
            spelling: province.name
            for province in self.provinces
            for spelling in (province.name, *province.aliases)
            if not (spelling.isupper() and len(spelling) <= _SHORT_CODE)
        }
        districts = ((row.name, row.kind, row.province) for row in self.districts)
        return PlaceFinder(spellings, districts, self._distinct)

    # --- the press ---------------------------------------------------------------------

    def newspapers_by_code(self, code: str) -> tuple[Newspaper, ...]:
        """Every newspaper that signs with a code; without diacritics only if none does."""
        found = self._by_code.get(_code_key(code), ())
        return found or self._by_folded_code.get(_key(code), ())

    def newspaper_by_name(self, text: str) -> Newspaper | None:
        """The newspaper of a name: one that is listed, or `Báo <province>`."""
        spoken = squeeze(re.sub(r"[^0-9a-z]+", " ", fold(canonical(normalise(text)))))
        spoken = re.sub(r"^(?:theo|nguon) ", "", spoken)
        if found := self._by_name.get(spoken.replace(" ", "")):
            return found
        match = _PAPER.match(spoken)
        if match is None:
            return None
        rest = match["rest"].replace(" ", "")
        station = spoken.startswith("dai ")
        found = None if station else self._by_name.get("bao" + rest) or self._by_name.get(rest)
        if found:
            return found
        province = self.province(match["rest"])
        if province is None:
            return None
        name = (_STATION if station else _BODIES["bao"]).format(name=province.name)
        return self._by_name.get(_key(name)) or Newspaper(name, (), province.name, (), "tỉnh")

    def source_name(self, stated: str) -> str:
        """One name for a newspaper however it is stated: `Báo Thanh Niên`, `TNO`, `thanhnien.vn`.

        What is no listed paper, or a code that several share, is unchanged.
        """
        host = squeeze(stated).lower().removeprefix("https://").removeprefix("http://")
        if found := self._by_domain.get(host.removeprefix("www.").strip("/")):
            return found.name
        if len(self.newspapers_by_code(stated)) > 1:
            return stated
        paper = self.newspaper_by_name(stated)
        return paper.name if paper else stated

    def by_domain(self, address: str) -> tuple[str, str | None] | None:
        """Source name and province of a host name or URL, through any subdomain."""
        host = re.sub(r"^[a-z][a-z0-9+.-]*://", "", squeeze(address).lower())
        host = re.split(r"[/?#:]", host.rpartition("@")[2])[0].strip(".")
        labels = host.split(".")
        for start in range(len(labels) - 1):
            domain = ".".join(labels[start:])
            if paper := self._by_domain.get(domain):
                return paper.name, paper.province
            if found := self._by_rule(domain):
                return found
        return None

    def _by_rule(self, domain: str) -> tuple[str, str] | None:
        """`baobackan.vn`, `backan.gov.vn`, `backantv.vn`, `backan.dcs.vn` and such."""
        label = _PUBLIC_SUFFIX.sub("", domain)
        suffix = domain[len(label) :]
        slug = label.replace("-", "")
        if "." in label or not suffix:
            return None
        patterns = [("", "", _PORTAL)] if suffix == ".gov.vn" else []
        patterns += [("", "", _PARTY)] if suffix == ".dcs.vn" else []
        patterns += [(prefix, "", form) for prefix, form in _BODIES.items()]
        patterns += [("", "tv", _STATION)]
        for prefix, ending, form in patterns:
            if not (slug.startswith(prefix) and slug.endswith(ending)):
                continue
            province = self._provinces.get(slug[len(prefix) : len(slug) - len(ending)])
            if province and len(slug) - len(prefix) - len(ending) > _SHORT_CODE - 1:
                return form.format(kind=province.kind, name=province.name), province.name
        return None


@functools.cache
def load() -> Gazetteer:
    """The gazetteer of `data/*.csv`, read at the first call."""
    provinces = tuple(
        Province(
            row["name"],
            row["kind"],
            _day(row["valid_from"]),
            _day(row["valid_until"]),
            row["merged_into"] or None,
            _list(row["aliases"]),
        )
        for row in read_rows("provinces.csv")
    )
    rows = list(read_rows("districts.csv"))
    districts = tuple(District(row["name"], row["kind"], row["province"]) for row in rows)
    newspapers = tuple(
        Newspaper(
            row["name"],
            _list(row["codes"]),
            row["province"] or None,
            _list(row["domains"]),
            row["kind"],
        )
        for row in read_rows("newspapers.csv")
    )
    distinct = frozenset(row["name"] for row in rows if row["distinct"])
    return Gazetteer(provinces, districts, newspapers, distinct)
