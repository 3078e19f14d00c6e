"""The HTTP service as others use it: a real process, real requests."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from retrieval.settings import PROJECT
from tests.conftest import SEEDS
from tests.http_process import HttpProcess, running_http
from tests.scripted_server import Step, chunk, scripted

QUESTION = "Chỉ số hài lòng của người dân Bắc Kạn năm 2020 là bao nhiêu?"
BAC_KAN = "002_bacd95ad4e680c06.txt"
ASK, ADMIN, OTHER = "ask-0123456789abcdef", "admin-0123456789abcdef", "other-0123456789abcdef"
KEYS = {"HTTP_API_KEYS": f"a:{ASK},b:{OTHER},c:{ADMIN}:admin"}


@pytest.fixture(scope="module")
def service(seed_vectors: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HttpProcess]:
    """With the settings that an installation has by default."""
    with running_http(seed_vectors, tmp_path_factory.mktemp("http")) as running:
        yield running


@pytest.fixture(scope="module")
def client(service: HttpProcess) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=service.address, timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def guarded(seed_vectors: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HttpProcess]:
    """With keys, and an archive of its own that may be changed."""
    folder = tmp_path_factory.mktemp("guarded")
    shutil.copytree(SEEDS, folder / "seeds")
    shutil.copytree(seed_vectors, folder / "vectors")
    settings = KEYS | {"SEEDS_DIR": str(folder / "seeds")}
    with running_http(folder / "vectors", folder, settings) as running:
        yield running


def with_key(service: HttpProcess, key: str) -> httpx.Client:
    headers = {"Authorization": f"Bearer {key}"}
    return httpx.Client(base_url=service.address, headers=headers, timeout=120)


def ask(client: httpx.Client, question: str = QUESTION, **more: Any) -> dict[str, Any]:
    response = client.post("/v1/ask", json={"question": question, **more})
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def events(response: httpx.Response) -> list[tuple[str, dict[str, Any]]]:
    """Those of a whole stream, without signs of life."""
    found = []
    for block in response.text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if line[:1] != ":")
        if lines:
            found.append((lines["event"], json.loads(lines["data"])))
    return found


def test_the_answer_is_that_of_the_command_line(
    client: httpx.Client, seed_vectors: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same object, but for the times and the id of the trace."""
    monkeypatch.setenv("VECTORS_DIR", str(seed_vectors))
    command = [sys.executable, "-m", "bot", "ask", "--json", QUESTION]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    changing = {"timings_ms", "trace_id"}
    printed = json.loads(done.stdout)
    sent = ask(client)

    assert sent.keys() == printed.keys()
    assert {key: sent[key] for key in sent.keys() - changing} == {
        key: printed[key] for key in printed.keys() - changing
    }
    assert "91,3%" in sent["text"]


def test_a_citation_quotes_the_article(client: httpx.Client) -> None:
    """To the letter, in characters."""
    (citation,) = ask(client)["citations"]
    article = client.get(f"/v1/articles/{citation['article']}").json()

    assert article["text"][citation["start"] : citation["end"]] == citation["quote"]
    assert article["label"] == citation["label"] == "Bắc Kạn, 23/7/2024"
    assert article["also"] == []
    assert [p for p in article["passages"] if p["start"] <= citation["start"] < p["end"]]


def test_the_answer_streams(client: httpx.Client) -> None:
    """What was understood, each citation before its sentence, and at the end the whole answer."""
    headers = {"Accept": "text/event-stream"}
    body = {"question": "Công tác dân vận ở Bắc Kạn còn những hạn chế gì?"}
    response = client.post("/v1/ask", json=body, headers=headers)
    found = events(response)
    names = [name for name, _ in found]
    sentences = [data for name, data in found if name == "sentence"]
    citations = [data for name, data in found if name == "citation"]
    done = found[-1][1]

    assert response.headers["content-type"].startswith("text/event-stream")
    assert (names[0], names[-1]) == ("understood", "done")
    assert names.index("citation") < names.index("sentence")
    assert sentences == done["sentences"]
    assert len(sentences) > 1
    assert citations == done["citations"]
    assert done["text"] == ask(client, body["question"])["text"]


def test_what_the_articles_do_not_say_is_refused(client: httpx.Client) -> None:
    """An honest answer, no error."""
    answer = ask(client, "Giá vàng hôm nay bao nhiêu?")

    assert answer["outcome"] == "no_evidence"
    assert answer["citations"] == []


@pytest.mark.parametrize("is_streamed", [False, True])
@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({"question": "  "}, "đang trống"),
        ({"question": "?!"}, "Chưa thấy chữ"),
        ({"question": "a" * 1_001}, "quá dài"),
        ({"question": QUESTION, "filters": {"from": "hôm nọ"}}, "hôm nọ"),
        ({"question": QUESTION, "filters": {"province": ["Atlantis"]}}, "Atlantis"),
    ],
)
def test_what_can_not_be_asked_is_said_in_words(
    client: httpx.Client, body: dict[str, Any], detail: str, is_streamed: bool
) -> None:
    """A problem with its outcome, before any stream has begun."""
    headers = {"Accept": "text/event-stream"} if is_streamed else {}
    response = client.post("/v1/ask", json=body, headers=headers)

    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["outcome"] == "question_invalid"
    assert detail in response.json()["detail"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"question": 5}',
        b'{"question": "a", "unknown": 1}',
        b'{"question": "a", "conversation_id": "a b"}',
        b'{"question": "a", "conversation_id": "a\\r\\nSet-Cookie: x=1"}',
        b'{"question": "a", "widen": ["everything"]}',
        b'{"question": "\xff"}',
        b"[" * 100_000,
    ],
)
def test_a_request_of_another_form_is_refused(client: httpx.Client, body: bytes) -> None:
    """In words, and without a word of what was sent."""
    headers = {"Content-Type": "application/json"}
    response = client.post("/v1/ask", content=body, headers=headers)

    assert response.status_code in (400, 422)
    assert response.headers["content-type"] == "application/problem+json"
    assert "set-cookie" not in response.headers


def test_a_conversation_goes_on(client: httpx.Client) -> None:
    """With the same id; what was understood is told."""
    asked = "Năm 2017 Quảng Ninh có bao nhiêu mô hình đăng ký cấp tỉnh?"
    ask(client, asked, conversation_id="one-1")
    followed = ask(client, "Còn ở Bắc Kạn thì sao?", conversation_id="one-1")
    alone = ask(client, "Còn ở Bắc Kạn thì sao?", conversation_id="two-2")

    assert "Bắc Kạn" in followed["understood"]
    assert "mô hình" in followed["understood"]
    assert alone["understood"] != followed["understood"]


def test_filters_are_hard(client: httpx.Client) -> None:
    """Only articles that pass are looked at."""
    question = "Kết quả công tác dân vận?"
    answer = ask(client, question, filters={"province": "Quảng Bình", "to": "2017"})

    assert {citation["label"] for citation in answer["citations"]} == {"Quảng Bình, 3/11/2017"}


def test_a_place_without_articles_can_be_widened(client: httpx.Client) -> None:
    """The outcome says so, and the same question is asked everywhere."""
    question = "Công tác dân vận ở tỉnh Cà Mau còn những hạn chế gì?"

    assert ask(client, question)["outcome"] == "no_article_for_place_or_period"
    assert ask(client, question, widen=["place"])["outcome"] != "no_article_for_place_or_period"


def test_articles_are_listed(client: httpx.Client) -> None:
    """The newest first, a page at a time, by place, day and words."""

    def listed(**wanted: Any) -> tuple[int, list[str]]:
        page = client.get("/v1/articles", params=wanted).json()
        return page["total"], [item["label"] for item in page["items"]]

    assert listed(limit=2) == (5, ["Bắc Kạn, 23/7/2024", "Bắc Kạn, 5/7/2023"])
    assert listed(limit=2, offset=4) == (5, ["Quảng Ninh, 14/10/2017"])
    assert listed(province="bac kan") == (2, ["Bắc Kạn, 23/7/2024", "Bắc Kạn, 5/7/2023"])
    assert listed(**{"from": "2022", "to": "6/2023"}) == (1, ["Hậu Giang, 26/12/2022"])
    assert listed(q="Phạm Duy Hưng") == (1, ["Bắc Kạn, 23/7/2024"])
    assert listed(q="pham duy hung") == (1, ["Bắc Kạn, 23/7/2024"])
    assert listed(q="Hưng Atlantis") == (0, [])
    assert listed(q="?") == (0, [])


def test_the_archive_is_counted(client: httpx.Client) -> None:
    """By place and month; every article once."""
    archive = client.get("/v1/archive").json()

    assert archive["articles"] == 5
    assert archive["provinces"][0] == {"name": "Bắc Kạn", "articles": 2}
    assert {"month": "2024-07", "articles": 1} in archive["months"]
    assert sum(month["articles"] for month in archive["months"]) + archive["undated"] == 5
    assert (archive["first"], archive["last"]) == ("2017-10-14", "2024-07-23")


def test_passages_are_found(client: httpx.Client) -> None:
    """As on the command line."""
    wanted: dict[str, str | int] = {"q": "hạn chế của công tác dân vận", "top_k": 3}
    found = client.get("/v1/search", params=wanted).json()

    assert len(found["hits"]) == 3
    assert {"label", "text", "score", "dense_rank"} <= found["hits"][0].keys()


@pytest.mark.parametrize(
    "path",
    [
        "../pyproject.toml",
        "..%2F..%2Fetc%2Fpasswd",
        "%2e%2e/%2e%2e/README.md",
        "/etc/passwd",
        "%00",
        "..%5C..%5Cpyproject.toml",
        BAC_KAN + "/",
        BAC_KAN + "%00",
        "%ff",
        "a" * 900,
    ],
)
@pytest.mark.parametrize("area", ["/v1/articles/", "/v1/answers/", "/static/"])
def test_no_path_leads_out_of_the_archive(client: httpx.Client, area: str, path: str) -> None:
    """An id is looked up among the records; it is never a file's path."""
    response = client.get(area + path)

    assert response.status_code in (404, 422)
    assert "root:" not in response.text
    assert "[project]" not in response.text


def test_an_answer_can_be_shown_again(client: httpx.Client) -> None:
    """Its question, what was understood, and each hit with every score."""
    trace_id = ask(client)["trace_id"]
    trace = client.get(f"/v1/answers/{trace_id}").json()

    assert trace["question"] == QUESTION
    assert trace["query"]["provinces"] == ["Bắc Kạn"]
    assert trace["hits"][0]["article"] == BAC_KAN
    assert {"dense_score", "sparse_score", "fused", "reranked", "bonuses"} <= trace["hits"][
        0
    ].keys()
    assert trace["answer"]["trace_id"] == trace_id


def test_opinions_are_kept(client: httpx.Client) -> None:
    """And counted; of an answer that is not known there is none."""
    trace_id = ask(client)["trace_id"]

    def rate(which: str, **body: str) -> int:
        return client.post(f"/v1/answers/{which}/feedback", json=body).status_code

    before = figure(client, 'qa_feedback_total{rating="down"}')
    assert rate(trace_id, rating="down", reason="Sai năm") == 204
    assert rate("0" * 16, rating="up") == 404
    assert rate(trace_id, rating="great") == 422
    assert figure(client, 'qa_feedback_total{rating="down"}') == before + 1


def figure(client: httpx.Client, name: str) -> float:
    """One of /metrics."""
    lines = client.get("/metrics").text.splitlines()
    return float(next(line.removeprefix(name) for line in lines if line.startswith(name)))


def test_a_conversation_can_be_deleted(client: httpx.Client) -> None:
    """With its answers, for good."""
    trace_id = ask(client, conversation_id="to-delete")["trace_id"]

    assert client.delete("/v1/conversations/to-delete").status_code == 204
    assert client.get(f"/v1/answers/{trace_id}").status_code == 404


def test_questions_are_counted_by_outcome(client: httpx.Client) -> None:
    """With the time of each step; a refusal as one."""
    names = ['qa_questions_total{outcome="no_evidence"}', "qa_refusals_total"]
    before = [figure(client, name) for name in names]
    ask(client, "Giá vàng hôm nay bao nhiêu?")

    assert [figure(client, name) for name in names] == [count + 1 for count in before]
    assert figure(client, 'qa_step_seconds_count{step="encode"}') > 0
    assert figure(client, "qa_answer_seconds_count") >= sum(before[:1]) + 1
    assert figure(client, "qa_answer_seconds_sum") > 0
    assert figure(client, "qa_snapshot_articles") == 5
    assert 0 <= figure(client, "qa_snapshot_age_seconds") < 86_400


def test_what_has_not_happened_is_counted_from_nothing(client: httpx.Client) -> None:
    """A rate can tell of the first failure only where its series was there before."""
    assert figure(client, 'qa_llm_errors_total{reason="timed_out"}') == 0
    assert figure(client, 'qa_http_responses_total{status="500"}') == 0


def test_neither_questions_nor_keys_are_logged(guarded: HttpProcess) -> None:
    """Whatever was sent, also where it is refused."""
    with with_key(guarded, ASK) as client:
        ask(client, "Mật danh bí mật XYZZY ở Bắc Kạn?")
        client.get("/v1/search", params={"q": "XYZZY"})
        client.post("/v1/ask", json={"question": "XYZZY", "filters": {"from": "XYZZY"}})
        client.get("/v1/articles/XYZZY")
    with with_key(guarded, "wrong-key-XYZZY-000") as client:
        assert client.get("/v1/archive").status_code == 401

    assert "XYZZY" not in guarded.text()
    assert ASK not in guarded.text()


def test_the_same_id_of_another_key_is_another_conversation(guarded: HttpProcess) -> None:
    """Nobody goes on from what somebody else asked, nor deletes it."""
    asked = "Năm 2017 Quảng Ninh có bao nhiêu mô hình đăng ký cấp tỉnh?"
    with with_key(guarded, ASK) as one, with_key(guarded, OTHER) as other:
        trace_id = ask(one, asked, conversation_id="same")["trace_id"]
        followed = ask(other, "Còn ở Bắc Kạn thì sao?", conversation_id="same")
        other.delete("/v1/conversations/same")

        assert "mô hình" not in (followed["understood"] or "")
        assert one.get(f"/v1/answers/{trace_id}").status_code == 200


def test_a_browser_logs_in_with_a_key(guarded: HttpProcess) -> None:
    """A cookie that no script reads and no other site sends; it opens what the key opens."""
    with httpx.Client(base_url=guarded.address) as browser:
        assert browser.get("/v1/session").json()["needs_login"] is True
        assert browser.get("/v1/archive").status_code == 401
        assert browser.post("/v1/session", json={"key": "wrong"}).status_code == 401
        logged_in = browser.post("/v1/session", json={"key": ASK})
        cookie = logged_in.headers["set-cookie"].lower()

        assert {"httponly", "samesite=strict"} <= set(cookie.replace(" ", "").split(";"))
        assert ASK not in cookie
        assert browser.get("/v1/session").json() == {
            "name": "a",
            "role": "ask",
            "needs_login": True,
        }
        assert browser.get("/v1/archive").status_code == 200
        forged = {"Origin": "https://evil.example"}
        assert browser.post("/v1/ask", json={"question": QUESTION}, headers=forged).is_client_error
        browser.delete("/v1/session")
        assert browser.get("/v1/archive").status_code == 401


NEWS = (
    "Cao Bằng: Khánh thành cầu Nà Tền\n\n(Cao Bằng, ngày 12/5/2025) - Cầu Nà Tền ở xã Quang Long "
    "dài 145 mét, tổng vốn đầu tư 37 tỷ đồng, được khánh thành ngày 12/5/2025.\n"
)


def test_an_admin_adds_an_article_and_takes_it_out(guarded: HttpProcess) -> None:
    """It is answered from as soon as the request is, and no longer once it is deleted."""
    question = "Cầu Nà Tền dài bao nhiêu mét?"
    files = {"file": ("../../cầu/nà tền.txt", NEWS.encode(), "text/plain")}
    with with_key(guarded, ADMIN) as admin, with_key(guarded, ASK) as person:
        assert person.post("/v1/articles", files=files).status_code == 403
        added = admin.post("/v1/articles", files=files)
        assert added.status_code == 201, added.text
        assert added.json()["id"] == "nà tền.txt"
        assert added.json()["label"].startswith("Cao Bằng")
        assert added.json()["articles"] == 6
        assert "145 mét" in ask(person, question)["text"]
        again = admin.post("/v1/articles", files=files)
        assert again.json()["id"] == "nà tền (2).txt"
        also = person.get("/v1/articles/nà tền.txt").json()["also"]
        assert [(one["id"], one["label"]) for one in also] == [
            ("nà tền (2).txt", added.json()["label"])
        ]

        assert person.delete("/v1/articles/nà tền.txt").status_code == 403
        for name in ("nà tền.txt", "nà tền (2).txt"):
            assert admin.delete(f"/v1/articles/{name}").status_code == 204
        assert admin.delete("/v1/articles/nà tền.txt").status_code == 404
        assert "145 mét" not in ask(person, question)["text"]
        assert person.get("/v1/archive").json()["articles"] == 5


@pytest.mark.parametrize(
    ("name", "content", "status", "detail"),
    [
        ("a.exe", b"MZ", 422, ".docx"),
        ("a", b"x", 422, ".docx"),
        ("a.txt", b"", 422, "Không đọc được"),
        ("a.pdf", b"no pdf", 422, "Không đọc được"),
        ("a.txt", b"x" * 22_000_000, 413, "quá lớn"),
    ],
)
def test_what_is_no_article_is_not_taken(
    guarded: HttpProcess, name: str, content: bytes, status: int, detail: str
) -> None:
    """With the reason; the archive stays as it is."""
    with with_key(guarded, ADMIN) as admin:
        response = admin.post("/v1/articles", files={"file": (name, content)})

        assert response.status_code == status
        assert detail in response.json()["detail"]
        assert admin.get("/v1/archive").json()["articles"] == 5


QUESTIONS = [
    (QUESTION, "91,3%"),
    ("Năm 2017 Quảng Ninh có bao nhiêu mô hình đăng ký cấp tỉnh?", "53 mô hình"),
    ("Giá vàng hôm nay bao nhiêu?", "không có thông tin"),
    ("Xin chào", "Xin chào"),
]


def test_100_clients_at_once(service: HttpProcess) -> None:
    """Each gets its own answer."""

    async def all_at_once() -> list[tuple[str, str]]:
        limits = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(base_url=service.address, timeout=60, limits=limits) as client:

            async def one(number: int) -> tuple[str, str]:
                question, expected = QUESTIONS[number % len(QUESTIONS)]
                response = await client.post("/v1/ask", json={"question": question})
                return response.json()["text"], expected

            return await asyncio.gather(*map(one, range(100)))

    assert [text for text, expected in asyncio.run(all_at_once()) if expected not in text] == []


def test_beyond_the_queue_there_is_a_word(seed_vectors: Path, tmp_path: Path) -> None:
    """503, and when to come again; those that wait are answered."""
    settings = {"QUESTIONS_WAITING": "3"}
    with running_http(seed_vectors, tmp_path, settings) as service:

        async def all_at_once() -> list[httpx.Response]:
            async with httpx.AsyncClient(base_url=service.address, timeout=60) as client:
                body = {"question": QUESTION}
                return await asyncio.gather(*(client.post("/v1/ask", json=body) for _ in range(40)))

        responses = asyncio.run(all_at_once())
    refused = [response for response in responses if response.status_code == 503]
    answered = [response for response in responses if response.status_code == 200]

    assert len(refused) + len(answered) == 40
    assert refused
    assert len(answered) >= 3
    assert {response.json()["outcome"] for response in refused} == {"busy"}
    assert all(int(response.headers["retry-after"]) > 0 for response in refused)
    assert all("91,3%" in response.json()["text"] for response in answered)


def test_a_client_that_is_gone_is_not_worked_for(seed_vectors: Path, tmp_path: Path) -> None:
    """The language model's stream is closed with the connection, streamed to or waited for."""
    pause_and_word: list[str | float] = [0.2, chunk(" chữ")]
    slow = [chunk("Chậm"), *pause_and_word * 50]
    for headers in ({"Accept": "text/event-stream"}, {}):
        with (
            scripted(Step(parts=slow)) as (model, url),
            running_http(seed_vectors, tmp_path, llm(url)) as service,
        ):
            with (
                httpx.Client(base_url=service.address, timeout=1.5) as client,
                pytest.raises(httpx.TimeoutException),
                client.stream(
                    "POST", "/v1/ask", json={"question": QUESTION}, headers=headers
                ) as response,
            ):
                response.read()
            assert model.hung_up.wait(5)


def test_sigterm_lets_answers_finish(seed_vectors: Path, tmp_path: Path) -> None:
    """What runs is answered; then it ends in order."""
    parts: list[str | float] = [
        0.3,
        chunk("Chỉ số hài lòng năm 2020 đạt 91,3% [1]."),
        2.0,
        chunk(finish="stop"),
    ]
    slow = Step(parts=[*parts, "data: [DONE]\n\n"])

    async def ask_and_terminate(service: HttpProcess) -> httpx.Response:
        async with httpx.AsyncClient(base_url=service.address, timeout=30) as client:
            asking = asyncio.create_task(client.post("/v1/ask", json={"question": QUESTION}))
            await asyncio.sleep(1.5)
            service.terminate()
            return await asking

    with (
        scripted(slow) as (_, url),
        running_http(seed_vectors, tmp_path, llm(url)) as service,
    ):
        response = asyncio.run(ask_and_terminate(service))
        status = service.wait()

    assert response.status_code == 200
    assert "91,3%" in response.json()["text"]
    assert status == 0


def test_a_model_that_fails_is_counted(seed_vectors: Path, tmp_path: Path) -> None:
    """The quotes answer, and /metrics tells."""
    with (
        scripted(Step(500, ["no"])) as (_, url),
        running_http(seed_vectors, tmp_path, llm(url)) as service,
        httpx.Client(base_url=service.address, timeout=30) as client,
    ):
        answer = ask(client)

        assert answer["outcome"] == "llm_unavailable"
        assert "91,3%" in answer["text"]
        assert figure(client, 'qa_llm_errors_total{reason="server_error"}') == 1


def test_without_an_index_it_says_so_until_there_is_one(tmp_path: Path, seed_vectors: Path) -> None:
    """Then it answers, without a new start."""
    vectors = tmp_path / "vectors"
    with (
        running_http(vectors, tmp_path) as service,
        httpx.Client(base_url=service.address, timeout=30) as client,
    ):
        refused = client.post("/v1/ask", json={"question": QUESTION})
        assert refused.status_code == 503
        assert refused.json()["outcome"] == "index_missing"
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").status_code == 503
        assert client.get("/v1/archive").status_code == 503
        is_mapped = shutil.ignore_patterns("models")
        shutil.copytree(seed_vectors, vectors, ignore=is_mapped, dirs_exist_ok=True)
        until = time.monotonic() + 5
        while client.get("/readyz").status_code != 200 and time.monotonic() < until:
            time.sleep(0.1)

        assert "91,3%" in ask(client)["text"]


def test_several_processes_answer(seed_vectors: Path, tmp_path: Path) -> None:
    """At one address, counted together, and they end together."""
    settings = KEYS | {"HTTP_WORKERS": "2"}
    with (
        running_http(seed_vectors, tmp_path, settings) as service,
        with_key(service, ASK) as client,
    ):
        for _ in range(10):
            with with_key(service, ASK) as another:
                assert "91,3%" in ask(another)["text"]

        assert figure(client, 'qa_questions_total{outcome="answered"}') == 10
        assert service.end() == 0


def llm(url: str) -> dict[str, str]:
    return {"OPENAI_BASE_URL": url, "LLM_MODEL": "m"}
