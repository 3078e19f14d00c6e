"""Who asks in `benchmarks.soak`: each client draws what to do next, and checks what it gets."""

from __future__ import annotations

import asyncio
import random
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

# Questions with the outcomes that the five seeds give them; what is added changes none of these.
ANSWERED = (
    "Chỉ số hài lòng của người dân Bắc Kạn năm 2020 là bao nhiêu?",
    "chi so hai long cua nguoi dan bac kan nam 2020 la bao nhieu",
    "Năm 2017 Quảng Ninh có bao nhiêu mô hình đăng ký cấp tỉnh?",
    "Sau 2 năm đã tinh giản được bao nhiêu biên chế?",
    "Ban Dân vận Tỉnh ủy Hậu Giang tặng Cờ thi đua cho mấy tập thể?",
    "Ai chủ trì hội nghị sơ kết công tác dân vận ở Bắc Kạn?",
    "Ai là Chủ tịch UBND tỉnh Quảng Bình?",
    "How many models were registered in Quang Ninh in 2017?",
)
REFUSED = (
    "Giá vàng hôm nay bao nhiêu?",
    "Ai vô địch World Cup 2022?",
    "Chỉ số hài lòng của người dân Quảng Ninh năm 2020 là bao nhiêu?",
    "Dân vận ở Cà Mau còn hạn chế gì?",
)
# After one of these the next one leans on it.
FOLLOWED = (
    ("Công tác dân vận ở Bắc Kạn còn những hạn chế gì?", "Còn ở Quảng Ninh thì sao?"),
    ("Hội nghị sơ kết công tác dân vận ở Bắc Kạn", "Ai chủ trì?"),
)
_WORDS = "dân vận quy chế dân chủ hội nghị mô hình biên chế tỉnh ủy lúa năng suất ban".split()
_PAUSE = 0.1  # seconds: as many people as ask, not as many as can be answered
_SHOWN = 20


class Failures:
    """Counts what went wrong, and says the first ones."""

    def __init__(self) -> None:
        self.number = 0

    @contextmanager
    def counted(self) -> Iterator[None]:
        try:
            yield
        except (httpx.HTTPError, AssertionError, RuntimeError, LookupError) as error:
            self.add(f"{type(error).__name__}: {error}")

    def add(self, what: str) -> None:
        self.number += 1
        if self.number <= _SHOWN:
            print(f"failed: {what}", file=sys.stderr, flush=True)

    def read_log(self, log: Path) -> None:
        """An error that nobody was told of is one too."""
        for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("Traceback") or " ERROR " in line:
                self.add(f"in the log: {line}")


class Client:
    """One of those who ask.

    Attributes:
        answers: that it was given, of every kind.
    """

    def __init__(
        self, number: int, address: str, headers: dict[str, str], failures: Failures
    ) -> None:
        self._draw = random.Random(number)
        self._name = f"soak-{number}"
        self._address = address
        self._headers = headers
        self._failures = failures
        self._texts: dict[str, str] = {}
        self.answers = 0

    async def ask_on(self, until: float) -> None:
        """Until that time; its connections end with it."""
        ways: list[Callable[[httpx.AsyncClient], Awaitable[None]]] = [
            *[self._answered] * 4,
            *[self._refused] * 2,
            self._followed,
            self._any_words,
            self._stream,
            self._leave,
            self._search,
            self._browse,
            self._openai,
            self._invalid,
        ]
        async with httpx.AsyncClient(
            base_url=self._address, timeout=60, headers=self._headers
        ) as http:
            while time.monotonic() < until:
                with self._failures.counted():
                    await self._draw.choice(ways)(http)
                    self.answers += 1
                await asyncio.sleep(self._draw.uniform(0, 2 * _PAUSE))

    async def ask_at_once(self, number: int) -> None:
        """That many questions side by side."""
        async with httpx.AsyncClient(
            base_url=self._address, timeout=60, headers=self._headers
        ) as http:
            with self._failures.counted():
                await asyncio.gather(*(self._answered(http) for _ in range(number)))

    async def _ask(self, http: httpx.AsyncClient, question: str, **more: str) -> str:
        """The outcome; every quote was looked up in its article."""
        response = await http.post("/v1/ask", json={"question": question, **more})
        assert response.status_code == 200, (question, response.status_code, response.text)
        answer = response.json()
        for citation in answer["citations"]:
            text = await self._text(http, citation["article"])
            # What is changed meanwhile is no longer what was quoted.
            if text is not None:
                assert text[citation["start"] : citation["end"]] == citation["quote"], citation
        if answer["trace_id"] and self._draw.random() < 0.1:
            await self._look_back(http, answer["trace_id"])
        return str(answer["outcome"])

    async def _text(self, http: httpx.AsyncClient, article: str) -> str | None:
        """Of a seed; of another article, which may change, None."""
        if not article[:3].isdigit():
            return None
        if article not in self._texts:
            response = await http.get(f"/v1/articles/{article}")
            response.raise_for_status()
            self._texts[article] = response.json()["text"]
        return self._texts[article]

    async def _look_back(self, http: httpx.AsyncClient, trace_id: str) -> None:
        (await http.get(f"/v1/answers/{trace_id}")).raise_for_status()
        rating = {"rating": self._draw.choice(["up", "down"])}
        (await http.post(f"/v1/answers/{trace_id}/feedback", json=rating)).raise_for_status()

    async def _answered(self, http: httpx.AsyncClient) -> None:
        question = self._draw.choice(ANSWERED)
        assert await self._ask(http, question) == "answered", question

    async def _refused(self, http: httpx.AsyncClient) -> None:
        question = self._draw.choice(REFUSED)
        outcome = await self._ask(http, question)
        assert outcome in {"no_evidence", "no_article_for_place_or_period"}, (question, outcome)

    async def _followed(self, http: httpx.AsyncClient) -> None:
        name = f"{self._name}-{self._draw.randint(0, 20)}"
        for question in self._draw.choice(FOLLOWED):
            await self._ask(http, question, conversation_id=name)
        if self._draw.random() < 0.3:
            (await http.delete(f"/v1/conversations/{name}")).raise_for_status()

    async def _any_words(self, http: httpx.AsyncClient) -> None:
        """A question that was not asked before: what is kept of questions must end somewhere."""
        drawn = [self._draw.choice(_WORDS) for _ in range(self._draw.randint(3, 12))]
        await self._ask(http, " ".join([*drawn, str(self._draw.randint(1, 99_999))]))

    def _streamed(self, http: httpx.AsyncClient) -> httpx.Request:
        question = {"question": self._draw.choice(ANSWERED + REFUSED)}
        return http.build_request(
            "POST", "/v1/ask", json=question, headers={"Accept": "text/event-stream"}
        )

    async def _stream(self, http: httpx.AsyncClient) -> None:
        response = await http.send(self._streamed(http))
        assert "event: done" in response.text, response.text

    async def _leave(self, http: httpx.AsyncClient) -> None:
        """Before the answer is there, or after its first lines."""
        response = await http.send(self._streamed(http), stream=True)
        if self._draw.random() < 0.5:
            async for _ in response.aiter_lines():
                break
        await response.aclose()

    async def _search(self, http: httpx.AsyncClient) -> None:
        query = {"q": self._draw.choice(ANSWERED), "top_k": str(self._draw.randint(1, 50))}
        response = await http.get("/v1/search", params=query)
        response.raise_for_status()
        assert response.json()["hits"]

    async def _browse(self, http: httpx.AsyncClient) -> None:
        """The pages, the list and an article of it, which may be gone by then."""
        for path in ("/", "/kho", "/v1/archive", "/v1/suggestions", "/readyz", "/metrics"):
            (await http.get(path)).raise_for_status()
        listed = (await http.get("/v1/articles", params={"q": self._draw.choice(_WORDS)})).json()
        if listed["items"]:
            article = self._draw.choice(listed["items"])["id"]
            response = await http.get(f"/v1/articles/{article}")
            assert response.status_code in (200, 404), response.status_code

    async def _openai(self, http: httpx.AsyncClient) -> None:
        asked = {
            "model": "hoi-dap-kho-bai-viet",
            "messages": [{"role": "user", "content": self._draw.choice(ANSWERED)}],
        }
        response = await http.post("/v1/chat/completions", json=asked)
        response.raise_for_status()
        assert response.json()["choices"][0]["message"]["content"]

    async def _invalid(self, http: httpx.AsyncClient) -> None:
        """What can not be asked is refused as that."""
        question = self._draw.choice(["", "?!", "dài " * 300])
        response = await http.post("/v1/ask", json={"question": question})
        assert response.status_code in (400, 422), response.status_code
