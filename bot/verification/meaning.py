"""Whether a sentence keeps what turns the meaning: denials, opposites, how sure and how much."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from bot.verification.claim_words import (
    APPROXIMATIONS,
    DONE,
    FAR_REACHING,
    HEDGES,
    NEGATIONS,
    ONLY_NOT_BEFORE,
    OPPOSITES,
)
from bot.verification.claims import Token
from bot.verification.window import SUPPORTED, Fault, Verdict, contains, says_something, texts_of


def negations_kept(claim: Sequence[Token], words: Sequence[Token]) -> Verdict:
    """What is denied is denied there, and what is not is not."""
    denied_here, denied_there = _denied(claim), _denied(words)
    there = [t.text for t in words]
    for word in denied_here:
        if word in there and word not in denied_there:
            return Verdict(Fault.NEGATION, word)
    here = texts_of(claim)
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
            following = [t.text for t in words[place + 1 : place + 7] if says_something(t)][:3]
            found += following
    return found


def opposites_kept(claim: Sequence[Token], words: Sequence[Token]) -> Verdict:
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


def strength_kept(claim: Sequence[Token], words: Sequence[Token]) -> Verdict:
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
            leads = {b.text for b, t in pairwise(words) if t.text == token.text}
            if before.text not in leads:
                return Verdict(Fault.STRENGTH, before.text)
    return SUPPORTED


def _says(texts: Sequence[str], phrase: Sequence[str]) -> bool:
    if list(phrase) != ["chỉ"]:
        return contains(texts, phrase)
    following = [*texts[1:], ""]
    return any(
        text == "chỉ" and after not in ONLY_NOT_BEFORE
        for text, after in zip(texts, following, strict=True)
    )


def _hedges(texts: Sequence[str]) -> list[str]:
    return [" ".join(phrase) for phrase in HEDGES if contains(texts, phrase)]


# Words before a deed among which its hedge stands: "đề nghị ngành dân vận đổi mới".
_HEDGE_REACH = 20


# "để giao cho dân" is no deed yet.
_PURPOSE = (Token("sẽ", 0),)


def _before_deed(behind_done: Sequence[Token], words: Sequence[Token]) -> Sequence[Token]:
    """What stands in the source before the deed that the claim says was done."""
    source = [t.text for t in words]
    deed = [t.text for t in behind_done if t.is_content and t.text in source][:2]
    for size in (2, 1):
        for n in range(len(source)):
            if deed[:size] and source[n : n + size] == deed[:size]:
                if any(text in DONE for text in source[max(0, n - 3) : n]):
                    return ()
                if source[n - 1 : n] == ["để"]:
                    return _PURPOSE
                lead = words[max(0, n - _HEDGE_REACH) : n]
                own = [t for t in lead if t.clause == words[n].clause]
                # A clause that opens with the deed goes on from the one before.
                return own if len(own) > 1 else lead
    return ()
