"""Whether a cited passage supports a sentence. In code, whoever wrote the sentence.

Overlap alone is no support: a changed figure, another person, a dropped "chưa" leave nearly
every word in place. So the words of a sentence must stand together in the passage, its figures
beside what they count and its persons beside what they did, and nothing that turns the meaning
may be added or lost. What can not be matched so is not shown: a true sentence that is dropped
costs less than a false one that is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.verification.claims import Token, tokens
from bot.verification.figures import (
    documents_dated,
    figures_in_place,
    neighbours_kept,
    nothing_skipped,
)
from bot.verification.held import days_held, names_held, numbers_held, words_held
from bot.verification.meaning import negations_kept, opposites_kept, strength_kept
from bot.verification.roles import (
    actors_in_place,
    names_paired,
    offices_held,
    parties_in_order,
    parties_in_place,
    persons_in_office,
    subject_in_place,
    subjects_kept_apart,
)
from bot.verification.window import SUPPORTED, Fault, Verdict, Window, best_window
from retrieval.schema import Article, Passage


def verify(sentence: str, cited: Sequence[tuple[Article, Passage]]) -> Verdict:
    """Whether the cited passages support a sentence (without its citation marks).

    One of them alone is enough; else they must do it together.
    """
    claim = tokens(sentence)
    if not cited or not any(token.is_content for token in claim):
        return Verdict(Fault.EMPTY)
    windows = [best_window(claim, article, passage) for article, passage in cited]
    groups = [[window] for window in windows] + ([windows] if len(windows) > 1 else [])
    verdicts = [(_judge(sentence, claim, group), group) for group in groups]
    for verdict, group in verdicts:
        if verdict.is_supported:
            return replace(verdict, quotes=tuple(window.quote for window in group))
    return verdicts[0][0]


def _judge(sentence: str, claim: Sequence[Token], windows: Sequence[Window]) -> Verdict:
    words = [token for window in windows for token in window.words]
    known = [token for window in windows for token in window.known]
    text = " ".join(window.text for window in windows)
    checks = (
        numbers_held(claim, words, known),
        days_held(claim, words, known),
        names_held(claim, words, known, windows),
        words_held(claim, words, known, windows),
        offices_held(sentence, text),
        persons_in_office(sentence, text),
        negations_kept(claim, words),
        opposites_kept(claim, words),
        strength_kept(claim, words),
        figures_in_place(claim, words),
        actors_in_place(claim, words),
        subject_in_place(claim, windows),
        parties_in_place(claim, windows),
        parties_in_order(claim, windows),
        subjects_kept_apart(claim, words),
        documents_dated(claim, words),
        nothing_skipped(claim, words),
        neighbours_kept(claim, words),
        names_paired(claim, words),
    )
    return next((verdict for verdict in checks if not verdict.is_supported), SUPPORTED)
