"""Who is answered, and how often."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from bot.telegram.pace import Window
from retrieval.settings import Settings

_HOUR = 3_600.0
# People whose questions are remembered before the quiet ones are forgotten.
_MANY = 10_000


class Access:
    """What TELEGRAM_ALLOWED_CHATS, TELEGRAM_ADMINS and TELEGRAM_QUESTIONS_PER_HOUR say."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_hour = settings.telegram_questions_per_hour
        self._allowed = settings.allowed_chats
        self._admins = settings.admins
        self._clock = clock
        self._asked: dict[int, Window] = {}
        self._told: dict[int, float] = {}

    @property
    def is_open(self) -> bool:
        """Whether everybody may ask."""
        return not self._allowed

    def is_allowed(self, chat: int, person: int | None) -> bool:
        """A person may ask in a chat. For an inline question the chat is the person."""
        return self.is_open or chat in self._allowed or self.is_admin(person)

    def is_admin(self, person: int | None) -> bool:
        return person in self._admins

    def is_to_be_told(self, who: int) -> bool:
        """Whether a person or chat that is refused has not been told so within the hour.

        A message a refusal would take the places of the answers.
        """
        now = self._clock()
        if now - self._told.get(who, -_HOUR) < _HOUR:
            return False
        if len(self._told) > _MANY:
            self._told = {one: at for one, at in self._told.items() if now - at < _HOUR}
        self._told[who] = now
        return True

    def minutes_to_wait(self, person: int) -> int:
        """0, and the question is counted; or after how many minutes one may ask again."""
        if not self.per_hour or self.is_admin(person):
            return 0
        now = self._clock()
        window = self._asked.setdefault(person, Window(self.per_hour, _HOUR))
        wait = window.free_at(now) - now
        if wait > 0:
            return math.ceil(wait / 60)
        window.add(now)
        if len(self._asked) > _MANY:
            self._asked = {one: asked for one, asked in self._asked.items() if asked.is_used(now)}
        return 0
