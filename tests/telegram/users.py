"""What the fake Telegram's users do, by its control API."""

from __future__ import annotations

import base64
import json
import urllib.error
import urllib.request
from typing import Any, Literal

BotStatus = Literal["member", "administrator", "kicked", "left"]


class Users:
    """The users of a running fake server.

    Attributes:
        address: the server's, without a path.
    """

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"

    def person(self, user_id: int, **details: str) -> None:
        """Name a user: `first_name`, `username`, `language_code`."""
        self._do("person", user_id=user_id, **details)

    def private(self, user_id: int, text: str, reply_to: int | None = None) -> int:
        """A user writes to the bot; the message's id. The chat's id is the user's."""
        return int(self._do("private", user_id=user_id, text=text, reply_to=reply_to))

    def group(
        self,
        chat_id: int,
        user_id: int,
        text: str,
        thread: int | None = None,
        reply_to: int | None = None,
    ) -> int:
        """A user writes to a group that the bot is in; the message's id."""
        return int(
            self._do(
                "group",
                chat_id=chat_id,
                user_id=user_id,
                text=text,
                thread=thread,
                reply_to=reply_to,
            )
        )

    def document(
        self,
        user_id: int,
        name: str,
        content: bytes,
        mime: str = "application/octet-stream",
        *,
        caption: str = "",
        size: int = 0,
        chat: int | None = None,
        reply_to: int | None = None,
    ) -> int:
        """A user sends a file, to the bot or a group; `size` may claim more than its bytes."""
        return self._file(user_id, "document", name, content, mime, caption, size, chat, reply_to)

    def voice(self, user_id: int, content: bytes = b"OggS", chat: int | None = None) -> int:
        """A user sends a voice message."""
        return self._file(user_id, "voice", "voice.oga", content, "audio/ogg", "", 0, chat, None)

    def _file(
        self,
        user_id: int,
        kind: str,
        name: str,
        content: bytes,
        mime: str,
        caption: str,
        size: int,
        chat: int | None,
        reply_to: int | None,
    ) -> int:
        encoded = base64.b64encode(content).decode()
        return int(
            self._do(
                "file",
                user_id=user_id,
                kind=kind,
                name=name,
                content=encoded,
                mime_type=mime,
                caption=caption,
                size=size,
                chat_id=chat,
                reply_to=reply_to,
            )
        )

    def edit(self, chat: int, message_id: int, text: str) -> None:
        """A user edits a message of theirs."""
        self._do("edit", chat=chat, message_id=message_id, text=text)

    def delete(self, chat: int, message_id: int) -> None:
        """A message is deleted by its user; the bot is not told."""
        self._do("delete", chat=chat, message_id=message_id)

    def press(self, chat: int, message_id: int, data: str, user_id: int | None = None) -> str:
        """A user presses the button with this data or text; the query's id."""
        user = chat if user_id is None else user_id
        return str(self._do("press", chat=chat, message_id=message_id, wanted=data, user_id=user))

    def inline(self, user_id: int, query: str, offset: str = "") -> str:
        """A user types an inline query; its id."""
        return str(self._do("inline", user_id=user_id, text=query, offset=offset))

    def choose(self, query_id: str, result_id: str) -> str:
        """A user sends an inline result; the inline message's id."""
        return str(self._do("choose", query_id=query_id, result_id=result_id))

    def react(self, chat: int, user_id: int, message_id: int, emoji: str) -> bool:
        """A user reacts (or takes it back, with an empty text); whether the bot is told."""
        return bool(
            self._do("react", chat_id=chat, user_id=user_id, message_id=message_id, emoji=emoji)
        )

    def stop_draft(self, user_id: int) -> None:
        """A user presses the stop button of the draft that they see."""
        self._do("stop_draft", user_id=user_id)

    def block(self, user_id: int) -> None:
        self._do("blocked", user_id=user_id, value=True)

    def unblock(self, user_id: int) -> None:
        self._do("blocked", user_id=user_id, value=False)

    def bot_status(self, chat_id: int, user_id: int, status: BotStatus) -> None:
        """A user adds the bot to a group, promotes or removes it."""
        self._do("bot_status", chat_id=chat_id, user_id=user_id, status=status)

    def raw_update(self, update: dict[str, Any]) -> int:
        """Any update that fits the schema, whatever its content; its id."""
        return int(self._do("raw_update", update=update))

    def _do(self, verb: str, **body: Any) -> Any:
        request = urllib.request.Request(
            f"{self.address}/control/{verb}",
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return json.load(response)["result"]
        except urllib.error.HTTPError as error:
            with error:
                raise ValueError(json.load(error)["error"]) from None
