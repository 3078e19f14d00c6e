"""Whether each does what they do in the source: offices, actors, who is spoken of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from bot.bodies import organisations_in
from bot.offices import Office, is_held, offices_of
from bot.people import people_in
from bot.verification.claim_words import ADDRESSES, HARMLESS, KINDS_OF_BODY, PASSIVE
from bot.verification.claims import Token
from bot.verification.window import (
    SUPPORTED,
    Fault,
    Verdict,
    Window,
    contains,
    first_place,
    name_runs,
    says_something,
    stretches_of,
    texts_of,
)


def persons_in_office(sentence: str, text: str) -> Verdict:
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
        ahead = re.split(r"[,;\n]| và |[.!?](?=\s)", text[before:start])[-1]
        found[person] = [*offices_of(behind), *offices_of(ahead)]
    return found


# Behind these syllables a sentence speaks of something else than the office's body.
_CLAIMED_BODY = 4


def offices_held(sentence: str, text: str) -> Verdict:
    """Every office is there, of the same body: another deputy is another person."""
    held = offices_of(text)
    for office in offices_of(sentence, _CLAIMED_BODY):
        if not is_held(office, held):
            return Verdict(Fault.ROLE, " ".join(office.name))
    return SUPPORTED


# Deeds between two parties: who stands before the words did it.
_DEEDS = tuple(
    tuple(deed.split())
    for deed in (
        "đề xuất|đề nghị|kiến nghị|giao|tặng|trao|chỉ đạo|hỗ trợ|kiểm tra|giám sát|phản ánh|báo cáo"
        "|tham mưu|giúp|mời|vận động|hướng dẫn"
    ).split("|")
)


def actors_in_place(claim: Sequence[Token], words: Sequence[Token]) -> Verdict:
    """Who did something there did it here: who stands before a deed does not stand only behind
    it there, and whom it was done to not only before it."""
    here, there = [t.text for t in claim], [t.text for t in words]
    if PASSIVE & set(here):
        return SUPPORTED
    for deed in _DEEDS:
        place, deed_there = first_place(here, deed), first_place(there, deed)
        if place < 1 or deed_there < 0:
            continue
        before, behind = there[:deed_there], there[deed_there + len(deed) :]
        actors = [party for party in _parties(claim) if 0 <= first_place(here, party) < place]
        if place > 1:
            actors.append(here[place - 2 : place])
        receiver = [t.text for t in claim[place + len(deed) :] if says_something(t)][:4]
        for pair in [*actors, *map(list, pairwise(receiver))]:
            own, other = (before, behind) if pair in actors else (behind, before)
            if contains(other, pair) and not contains(own, pair):
                return Verdict(Fault.ROLE, " ".join(pair))
    return SUPPORTED


# Words at a sentence's beginning among which a name is its subject or its place.
_OPENING = 7


def subject_in_place(claim: Sequence[Token], windows: Sequence[Window]) -> Verdict:
    """What a sentence says of whom or where it names first is said there of the same."""
    parts = [[t.text for t in part] for window in windows for part in window.parts]
    content = [t.text for t in claim if t.is_content]
    opening = name_runs(claim[:_OPENING])
    first = [t.text for t in claim[:2] if t.is_content and not t.is_number]
    subject: list[str] = first
    if opening and len(opening[0][0]) > 1:
        subject = opening[0][0]
    known = [t.text for window in windows for t in window.known]
    if contains(known, subject):
        return SUPPORTED  # the whole article is about it
    holders = [part for part in parts if contains(part, subject)]
    if len(subject) < 2 or not holders or len(holders) == len(parts):
        return SUPPORTED
    content_said = set(content) - set(subject) - HARMLESS
    own = max(len(content_said & set(part)) for part in holders)
    others = [part for part in parts if part not in holders]
    fittest = max(others, key=lambda part: len(content_said & set(part)))
    if (
        own * 2 >= len(content_said & set(fittest))
        or KINDS_OF_BODY & set(fittest[:4]) - content_said
    ):
        return SUPPORTED
    is_taken_up = any(text in ADDRESSES for text in fittest[:6])
    return SUPPORTED if is_taken_up else Verdict(Fault.ROLE, " ".join(subject))


def _parties(words: Sequence[Token]) -> list[list[str]]:
    """Persons and bodies that are named, in order."""
    texts = [t.text for t in words]
    persons = [run for run, is_addressed in name_runs(words) if is_addressed and len(run) > 1]
    bodies = [list(name) for name in organisations_in(texts)]
    return sorted([*persons, *bodies], key=lambda party: first_place(texts, party))


def _best_part(claim: Sequence[Token], windows: Sequence[Window]) -> list[Token]:
    """The one sentence that holds most of the claim beside its parties."""
    named = {text for party in _parties(claim) for text in party}
    said = {t.text for t in claim if says_something(t)} - named
    parts = [part for window in windows for part in window.parts]
    return max(parts, key=lambda part: len(said & texts_of(part)), default=[])


def parties_in_place(claim: Sequence[Token], windows: Sequence[Window]) -> Verdict:
    """Who is named is named in the sentence that says it, or that one names nobody."""
    best = _best_part(claim, windows)
    texts = [t.text for t in best]
    known = [t.text for window in windows for t in window.known]
    others = _parties(best)
    for party in _parties(claim):
        if not contains(texts, party) and others and not contains(known, party):
            return Verdict(Fault.ROLE, " ".join(party))
    return SUPPORTED


def parties_in_order(claim: Sequence[Token], windows: Sequence[Window]) -> Verdict:
    """Of two parties the one who acts there acts here; a passive turns them round."""
    best = _best_part(claim, windows)
    here, there = [t.text for t in claim], [t.text for t in best]
    if PASSIVE & set(here) or PASSIVE & set(there):
        return SUPPORTED
    for first, second in pairwise(_parties(claim)):
        places = first_place(there, first), first_place(there, second)
        if min(places) >= 0 and places[0] > places[1]:
            return Verdict(Fault.ROLE, " ".join(first))
    return SUPPORTED


def subjects_kept_apart(claim: Sequence[Token], words: Sequence[Token]) -> Verdict:
    """Who does what in one stretch is not there who does what in the other: exchanged subjects."""
    there = [[t.text for t in part if says_something(t)] for part in stretches_of(words)]
    here = [[t.text for t in part if says_something(t)] for part in stretches_of(claim)]
    subjects = [part[:2] for part in here]
    for part in here:
        rest = set(part[2:])
        best = max(there, key=lambda other: len(rest & set(other)), default=[])
        exchanged = best[:2] != part[:2] and best[:2] in subjects
        if exchanged and len(rest & set(best)) > 1:
            return Verdict(Fault.ROLE, " ".join(part[:2]))
    return SUPPORTED


def names_paired(claim: Sequence[Token], words: Sequence[Token]) -> Verdict:
    """Two names of one stretch belong together: none of another stretch is nearer there."""
    texts = [t.text for t in words]
    stretches = [
        [(run, first_place(texts, run)) for run, _ in name_runs(part)]
        for part in stretches_of(claim)
    ]
    for number, names in enumerate(stretches):
        elsewhere = [at for n, rest in enumerate(stretches) if n != number for _, at in rest]
        for (first, at), (_, beside) in pairwise(names):
            nearer = [o for o in elsewhere if o >= 0 and 0 < abs(at - o) < abs(at - beside)]
            if min(at, beside) >= 0 and nearer:
                return Verdict(Fault.ROLE, " ".join(first))
    return SUPPORTED
