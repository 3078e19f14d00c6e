"""Whether a cited passage supports a sentence. In code, whoever wrote the sentence.

Overlap alone is no support: a changed figure, another person, a dropped "chưa" leave nearly
every word in place. So the words of a sentence must stand together in the passage, its figures
beside what they count and its persons beside what they did, and nothing that turns the meaning
may be added or lost. What can not be matched so is not shown: a true sentence that is dropped
costs less than a false one that is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from bot.claim_words import (
    ADDRESSES,
    APPROXIMATIONS,
    DONE,
    FAR_REACHING,
    HARMLESS,
    HEDGES,
    KINDS_OF_BODY,
    NEGATIONS,
    ONLY_NOT_BEFORE,
    OPPOSITES,
)
from bot.claims import Token, tokens
from bot.demands import (
    Office,
    is_held,
    offices_of,
    people_in,
    syllables_of_organisations,
)
from retrieval.schema import Article, Passage
from retrieval.text import sentences


class Fault(StrEnum):
    """Why a sentence is not shown."""

    NUMBER = "number"
    DAY = "day"
    NAME = "name"
    WORD = "word"
    NEGATION = "negation"
    STRENGTH = "strength"
    ROLE = "role"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Verdict:
    """
    Attributes:
        fault: None where the sentence is supported.
        about: the word that failed.
    """

    fault: Fault | None
    about: str = ""

    @property
    def is_supported(self) -> bool:
        return self.fault is None


SUPPORTED = Verdict(None)

# Neighbouring sentences of a passage that may support one sentence together.
_LONGEST_WINDOW = 3


@dataclass(frozen=True, slots=True)
class Window:
    """Neighbouring sentences of a passage, with what readers know besides.

    Attributes:
        text: of the sentences and the one before them.
        parts: the words of each sentence.
        before: the words of the sentence before, of which only persons may be taken.
        known: the words of title and label.
    """

    text: str
    parts: list[list[Token]]
    before: list[Token]
    known: list[Token]

    @property
    def words(self) -> list[Token]:
        return [token for part in self.parts for token in part]


def verify(sentence: str, cited: Sequence[tuple[Article, Passage]]) -> Verdict:
    """Whether the cited passages support a sentence (without its citation marks)."""
    claim = tokens(sentence)
    if not any(token.is_content for token in claim):
        return Verdict(Fault.EMPTY)
    windows = [best_window(claim, article, passage) for article, passage in cited]
    verdicts = [_judge(sentence, claim, [window]) for window in windows]
    if len(windows) > 1:
        verdicts.append(_judge(sentence, claim, windows))
    return next((v for v in verdicts if v.is_supported), verdicts[0])


def best_window(claim: Sequence[Token], article: Article, passage: Passage) -> Window:
    """The sentences of a passage that hold most of a claim; of equals the fewest."""
    known = tokens(f"{article.title}. {article.label}")
    if article.date:
        day = article.date
        known += tokens(f"năm {day.year}. tháng {day.month}/{day.year}. @")
    spans = sentences(passage.text)
    parts = [tokens(passage.text[span.start : span.end]) for span in spans]
    wanted = {token.text for token in claim if token.is_content}
    best: tuple[float, int, int] = (-1.0, 0, 0)
    for start in range(len(parts)):
        for end in range(start + 1, min(len(parts), start + _LONGEST_WINDOW) + 1):
            words = {t.text for part in parts[start:end] for t in part}
            held = sum(_weight(word) for word in wanted & words)
            # A further sentence must bring something.
            value = held - 0.5 * (end - start)
            if value > best[0]:
                best = (value, start, end)
    _, start, end = best
    first = spans[max(0, start - 1)].start if spans else 0
    text = passage.text[first : spans[end - 1].end] if spans else ""
    return Window(text, parts[start:end], parts[start - 1] if start else [], known)


def _weight(word: str) -> float:
    return 2.0 if word[0].isdigit() or word[0] == "@" else 1.0


def _judge(sentence: str, claim: Sequence[Token], windows: Sequence[Window]) -> Verdict:
    words = [token for window in windows for token in window.words]
    known = [token for window in windows for token in window.known]
    text = " ".join(window.text for window in windows)
    checks = (
        _numbers_held(claim, words, known),
        _days_held(claim, words, known),
        _names_held(claim, words, known, windows),
        _words_held(claim, words, known, windows),
        _offices_held(sentence, text),
        _persons_in_office(sentence, text),
        _negations_kept(claim, words),
        _opposites_kept(claim, words),
        _strength_kept(claim, words),
        _figures_in_place(claim, words),
        _actors_in_place(claim, words),
        _subject_in_place(claim, windows),
    )
    return next((verdict for verdict in checks if not verdict.is_supported), SUPPORTED)


def _texts(words: Iterable[Token]) -> set[str]:
    return {token.text for token in words}


def _numbers_held(
    claim: Sequence[Token], words: Sequence[Token], known: Sequence[Token]
) -> Verdict:
    """Every figure and every document is there; a year may come from the label."""
    held = _texts(words)
    years = {t.text for t in known if t.is_year}
    here = _texts(claim)
    for place, token in enumerate(claim):
        if not token.is_number or token.text in held or token.text in years:
            continue
        following = claim[place + 1].text if place + 1 < len(claim) else ""
        if not _is_spelled(token.text, following, words) and not _is_share(token.text, here, held):
            return Verdict(Fault.NUMBER, token.text)
    return SUPPORTED


# These stay words in a source, being an article and a year more often.
_SPELLED = {"1": "một", "5": "năm"}


def _is_spelled(figure: str, following: str, words: Sequence[Token]) -> bool:
    word = _SPELLED.get(figure)
    return any(a.text == word and b.text == following for a, b in pairwise(words))


def _is_share(figure: str, here: set[str], held: set[str]) -> bool:
    """Whether it is half of a share (`57/63`) whose other half is in the sentence too."""
    shares = [text.split("/") for text in held if "/" in text and text[0].isdigit()]
    return any(figure in share and set(share) <= here for share in shares)


def _days_held(claim: Sequence[Token], words: Sequence[Token], known: Sequence[Token]) -> Verdict:
    """Every day is there, a missing year being the label's."""
    days = [t.text[1:].split("/") for t in (*words, *known) if t.is_day]
    label_years = {t.text for t in known if t.is_number and len(t.text) == 4}
    label_years |= {parts[-1] for parts in days if len(parts[-1]) == 4}
    for token in claim:
        if not token.is_day:
            continue
        asked = token.text[1:].split("/")
        if not any(_same_day(asked, day, label_years) for day in days):
            return Verdict(Fault.DAY, token.text)
    return SUPPORTED


def _same_day(asked: list[str], held: list[str], label_years: set[str]) -> bool:
    if asked == held:
        return True
    if len(asked) == 3 and len(held) == 2:
        return asked[:2] == held and asked[2] in label_years
    if len(asked) == 2 and len(held) == 3:
        # "26/12" of 26/12/2022, or "7/2024" of 23/7/2024
        return asked in (held[:2], held[1:])
    return False


def _names_held(
    claim: Sequence[Token],
    words: Sequence[Token],
    known: Sequence[Token],
    windows: Sequence[Window],
) -> Verdict:
    """Every name is there as it is written: its words beside each other.

    From the sentence before only a person may be taken, whom "ông" in this one means.
    """
    sources = [[t.text for t in words], [t.text for t in known]]
    before = [[t.text for t in window.before] for window in windows if _leans(window)]
    for run, is_addressed in _name_runs(claim):
        held = any(_contains(source, run) for source in sources)
        if not held and not (is_addressed and any(_contains(source, run) for source in before)):
            return Verdict(Fault.NAME, " ".join(run))
    return SUPPORTED


def _leans(window: Window) -> bool:
    """Whether the sentences speak of somebody by an address without a name."""
    words = window.words
    return any(token.text in ADDRESSES and not after.is_name for token, after in pairwise(words))


def _name_runs(claim: Sequence[Token]) -> list[tuple[list[str], bool]]:
    """Words with capitals beside each other, and whether an address stands before them."""
    runs: list[tuple[list[str], bool]] = []
    run: list[str] = []
    is_addressed = False
    for before, token in pairwise([Token("", -1), *claim, Token("", -1)]):
        joined = before.segment == token.segment
        if run and not (token.is_name and joined):
            runs.append((run, is_addressed))
            run = []
        if token.is_name:
            is_addressed = (joined and before.text in ADDRESSES) if not run else is_addressed
            run.append(token.text)
    return runs


def _contains(words: Sequence[str], wanted: Sequence[str]) -> bool:
    size = len(wanted)
    return any(list(words[n : n + size]) == list(wanted) for n in range(len(words) - size + 1))


def _words_held(
    claim: Sequence[Token],
    words: Sequence[Token],
    known: Sequence[Token],
    windows: Sequence[Window],
) -> Verdict:
    """Every word that says something is there."""
    held = _texts(words) | _texts(known)
    persons = {t.text for window in windows if _leans(window) for t in window.before if t.is_name}
    for token in claim:
        if not token.is_content or token.is_number or token.is_day or token.text in HARMLESS:
            continue
        if token.text not in held and not (token.is_name and token.text in persons):
            return Verdict(Fault.WORD, token.text)
    return SUPPORTED


def _persons_in_office(sentence: str, text: str) -> Verdict:
    """An office that a person is given is theirs there, not that of whom they are named with."""
    theirs = _offices_of_persons(text)
    for person, offices in _offices_of_persons(sentence).items():
        held = theirs.get(person, [])
        for office in offices:
            if not is_held(office, held):
                return Verdict(Fault.ROLE, person)
    return SUPPORTED


_ADDRESSED = re.compile(
    r"\b(?:[Ôô]ng|[Bb]à|[Aa]nh|[Cc]hị|[Đđ]ồng chí) ((?:[A-ZĐÂÊÔƯÁÀÚÍÝÓÉ][^\W\d_]+ ?){2,4})"
)


def _offices_of_persons(text: str) -> dict[str, list[Office]]:
    """Each person with the offices between their name and the next, and right before it."""
    named = [*people_in(text), *(match[1].strip() for match in _ADDRESSED.finditer(text))]
    people = [(text.find(person), person) for person in dict.fromkeys(named)]
    found: dict[str, list[Office]] = {}
    ordered = sorted(people)
    for place, (start, person) in enumerate(ordered):
        end = ordered[place + 1][0] if place + 1 < len(ordered) else len(text)
        before = ordered[place - 1][0] + len(ordered[place - 1][1]) if place else 0
        behind = re.split(r"[;\n]|[.!?](?=\s)", text[start:end])[0]
        ahead = re.split(r"[,;\n]|[.!?](?=\s)", text[before:start])[-1]
        found[person] = [*offices_of(behind), *offices_of(ahead)]
    return found


# Behind these syllables a sentence speaks of something else than the office's body.
_CLAIMED_BODY = 4


def _offices_held(sentence: str, text: str) -> Verdict:
    """Every office is there, of the same body: another deputy is another person."""
    held = offices_of(text)
    for office in offices_of(sentence, _CLAIMED_BODY):
        if not is_held(office, held):
            return Verdict(Fault.ROLE, " ".join(office.name))
    return SUPPORTED


def _negations_kept(claim: Sequence[Token], words: Sequence[Token]) -> Verdict:
    """What is denied is denied there, and what is not is not."""
    denied_here, denied_there = _denied(claim), _denied(words)
    there = [t.text for t in words]
    for word in denied_here:
        if word in there and word not in denied_there:
            return Verdict(Fault.NEGATION, word)
    here = _texts(claim)
    for word in denied_there & here - denied_here:
        if there.count(word) == sum(1 for w in _denied_list(words) if w == word):
            return Verdict(Fault.NEGATION, word)
    return SUPPORTED


def _denied(words: Sequence[Token]) -> set[str]:
    return set(_denied_list(words))


def _denied_list(words: Sequence[Token]) -> list[str]:
    """The first words with a meaning behind each negation."""
    found = []
    for place, token in enumerate(words):
        if token.text in NEGATIONS:
            following = [t.text for t in words[place + 1 : place + 7] if _says_something(t)][:2]
            found += following
    return found


def _opposites_kept(claim: Sequence[Token], words: Sequence[Token]) -> Verdict:
    """What rose there did not fall here: the opposite does not stand before the same words."""
    texts = [t.text for t in words]
    for place, token in enumerate(claim):
        opposite = OPPOSITES.get(token.text)
        if opposite is None or opposite not in texts:
            continue
        following = [t.text for t in claim[place + 1 : place + 6] if t.is_content][:2]
        own = _near(texts, token.text, following)
        if _near(texts, opposite, following) > own:
            return Verdict(Fault.NEGATION, token.text)
    return SUPPORTED


def _near(texts: Sequence[str], word: str, following: Sequence[str]) -> int:
    """How many of the words stand behind a word, at the most over its places."""
    counts = [
        len(set(following) & set(texts[n + 1 : n + 6])) for n, t in enumerate(texts) if t == word
    ]
    return max(counts, default=-1)


def _strength_kept(claim: Sequence[Token], words: Sequence[Token]) -> Verdict:
    """Nothing far-reaching is added, no plan becomes a deed, no figure more or less exact."""
    here, there = [t.text for t in claim], [t.text for t in words]
    for phrase in FAR_REACHING:
        if _says(here, phrase) and not _says(there, phrase):
            return Verdict(Fault.STRENGTH, " ".join(phrase))
    done = next((n for n, text in enumerate(here) if text in DONE), None)
    if done is not None and not _hedges(here[max(0, done - 2) : done + 3]):
        hedges = _hedges([t.text for t in _before_deed(claim[done + 1 :], words)])
        if hedges:
            return Verdict(Fault.STRENGTH, hedges[0])
    for before, token in pairwise(claim):
        if token.is_number and before.text in APPROXIMATIONS:
            there = {b.text for b, t in pairwise(words) if t.text == token.text}
            if before.text not in there:
                return Verdict(Fault.STRENGTH, before.text)
    return SUPPORTED


def _says(texts: Sequence[str], phrase: Sequence[str]) -> bool:
    if list(phrase) != ["chỉ"]:
        return _contains(texts, phrase)
    following = [*texts[1:], ""]
    return any(
        text == "chỉ" and after not in ONLY_NOT_BEFORE
        for text, after in zip(texts, following, strict=True)
    )


def _hedges(texts: Sequence[str]) -> list[str]:
    return [" ".join(phrase) for phrase in HEDGES if _contains(texts, phrase)]


# Words before a deed among which its hedge stands: "đề nghị ngành dân vận đổi mới".
_HEDGE_REACH = 9


def _before_deed(behind_done: Sequence[Token], words: Sequence[Token]) -> Sequence[Token]:
    """What stands in the source before the deed that the claim says was done."""
    source = [t.text for t in words]
    deed = [t.text for t in behind_done if t.is_content and t.text in source][:2]
    for size in (2, 1):
        for n in range(len(source)):
            if deed[:size] and source[n : n + size] == deed[:size]:
                if any(text in DONE for text in source[max(0, n - 3) : n]):
                    return ()
                return words[max(0, n - _HEDGE_REACH) : n]
    return ()


# By how much another figure's surroundings must fit better than its own. A name counts double.
_FITS_BETTER = 2
_NAME_WEIGHT = 2
# Surroundings of fewer words say too little: what stands before them belongs to them.
_SAYS_ENOUGH = 4


def _figures_in_place(claim: Sequence[Token], words: Sequence[Token]) -> Verdict:
    """What stands around a figure stands around the same figure there, not around another."""
    there = _surroundings(words)
    here = _surroundings(claim)
    for figure, around in here:
        # Of figures in one stretch nothing tells whose its words are.
        beside = {text for text, other in here if other == around}
        own = [other for text, other in there if text == figure]
        others = [other for text, other in there if text not in beside]
        if not own or not others:
            continue
        fits = max(_shared(around, other) for other in own)
        if max(_shared(around, other) for other in others) >= fits + _FITS_BETTER:
            return Verdict(Fault.NUMBER, figure)
    return SUPPORTED


def _surroundings(words: Sequence[Token]) -> list[tuple[str, frozenset[Token]]]:
    """Each figure with the words of its stretch between commas, brackets and `và`."""
    stretches: list[list[Token]] = [[]]
    for before, token in pairwise([Token("", -1, -1), *words]):
        if token.segment != before.segment or token.text in ("và", "còn"):
            stretches.append([])
        stretches[-1].append(token)
    found = []
    for place, stretch in enumerate(stretches):
        around = {t for t in stretch if _says_something(t)}
        back = place - 1
        while len(around) < _SAYS_ENOUGH and back >= 0:
            around |= {t for t in stretches[back] if _says_something(t)}
            back -= 1
        found += [(t.text, frozenset(around)) for t in stretch if t.is_number and not t.is_year]
    return found


def _says_something(token: Token) -> bool:
    return token.is_content and not token.is_number and token.text not in HARMLESS


def _shared(around: frozenset[Token], other: frozenset[Token]) -> int:
    texts = {token.text for token in other}
    held = {token.text: token.is_name for token in around if token.text in texts}
    bodies = syllables_of_organisations()
    return sum(
        _NAME_WEIGHT if is_name and text not in bodies else 1 for text, is_name in held.items()
    )


# Deeds between two parties: who stands before the words did it.
_DEEDS = tuple(
    tuple(deed.split())
    for deed in (
        "đề xuất|đề nghị|kiến nghị|giao|tặng|trao|chỉ đạo|hỗ trợ|kiểm tra|giám sát|phản ánh|báo cáo"
    ).split("|")
)


def _actors_in_place(claim: Sequence[Token], words: Sequence[Token]) -> Verdict:
    """Who did something there did it here: the words before a deed do not stand only behind it."""
    here, there = [t.text for t in claim], [t.text for t in words]
    for deed in _DEEDS:
        size = len(deed)
        places = [n for n in range(len(there)) if tuple(there[n : n + size]) == deed]
        for place in range(2, len(here) - size + 1):
            if tuple(here[place : place + size]) != deed or not places:
                continue
            actor = here[place - 2 : place]
            found = [n for n in range(len(there) - 1) if there[n : n + 2] == actor]
            if found and not any(n < p for n in found for p in places):
                return Verdict(Fault.ROLE, " ".join(actor))
    return SUPPORTED


# Words at a sentence's beginning among which a name is its subject or its place.
_OPENING = 7


def _subject_in_place(claim: Sequence[Token], windows: Sequence[Window]) -> Verdict:
    """What a sentence says of whom or where it names first is said there of the same."""
    parts = [[t.text for t in part] for window in windows for part in window.parts]
    content = [t.text for t in claim if t.is_content]
    opening = _name_runs(claim[:_OPENING])
    first = [t.text for t in claim[:2] if t.is_content and not t.is_number]
    subject = opening[0][0] if opening and len(opening[0][0]) > 1 else first
    known = [t.text for window in windows for t in window.known]
    if _contains(known, subject):
        return SUPPORTED  # the whole article is about it
    holders = [part for part in parts if _contains(part, subject)]
    if len(subject) < 2 or not holders or len(holders) == len(parts):
        return SUPPORTED
    said = set(content) - set(subject) - HARMLESS
    own = max(len(said & set(part)) for part in holders)
    others = [part for part in parts if part not in holders]
    best = max(others, key=lambda part: len(said & set(part)))
    if own * 2 >= len(said & set(best)) or KINDS_OF_BODY & set(best[:4]) - said:
        return SUPPORTED
    is_taken_up = any(text in ADDRESSES for text in best[:6])
    return SUPPORTED if is_taken_up else Verdict(Fault.ROLE, " ".join(subject))
