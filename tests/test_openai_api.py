"""OpenAI's protocol, spoken by OpenAI's own client to the real service."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path
from typing import Any

import httpx
import httpx2
import openai
import pytest
from openai import AsyncOpenAI, OpenAI

from bot.http.openai_answers import Completion, labels_in
from bot.schema import Answer, Citation, Outcome, Sentence
from tests.http_process import HttpProcess, running_http
from tests.scripted_server import ScriptedServer, Step, chunk, refusal, reply, scripted

QUESTION = "Chỉ số hài lòng của người dân Bắc Kạn năm 2020 là bao nhiêu?"
LIST = "Công tác dân vận ở Bắc Kạn còn những hạn chế gì?"
COMPARISON = "Trưởng ban Dân vận của Quảng Bình và Quảng Ninh là ai?"
COUNT = "Bao nhiêu bài nhắc đến quy chế dân chủ?"
ENGLISH = "How many models were registered in Quang Ninh in 2017?"
REFUSED = "Giá vàng hôm nay bao nhiêu?"
MODEL = "hoi-dap-kho-bai-viet"
KEY = "key-0123456789abcdef"
LABEL = "[Bắc Kạn, 23/7/2024]"


@pytest.fixture(scope="module")
def service(seed_vectors: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HttpProcess]:
    with running_http(seed_vectors, tmp_path_factory.mktemp("openai")) as running:
        yield running


@pytest.fixture
def client(service: HttpProcess) -> OpenAI:
    return client_of(service)


def client_of(service: HttpProcess, key: str = "none") -> OpenAI:
    return OpenAI(base_url=f"{service.address}/v1", api_key=key, max_retries=0)


def user(*texts: Any) -> Any:
    """A conversation in which the user wrote these."""
    said = [{"role": "system", "content": "Trả lời bằng thơ."}]
    for text in texts:
        said += [{"role": "user", "content": text}, {"role": "assistant", "content": "…"}]
    return said[:-1]


def complete(client: OpenAI, *texts: Any, **more: Any) -> Any:
    return client.chat.completions.create(model=MODEL, messages=user(*texts), **more)


def streamed(client: OpenAI, *texts: Any, **more: Any) -> list[Any]:
    return list(complete(client, *texts, stream=True, **more))


def content_of(chunks: list[Any]) -> str:
    return "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)


def native(service: HttpProcess, question: str, **more: str) -> dict[str, Any]:
    answer: dict[str, Any] = httpx.post(
        f"{service.address}/v1/ask", json={"question": question, **more}, timeout=30
    ).json()
    return answer


def annotations_of(chunks: list[Any]) -> list[dict[str, Any]]:
    """Of the last piece of text, where they must be."""
    last = [c for c in chunks if c.choices and c.choices[0].delta.content is not None][-1]
    sent: list[dict[str, Any]] = last.choices[0].delta.annotations
    return sent


@pytest.mark.parametrize(
    "question",
    [
        QUESTION,
        LIST,
        REFUSED,
        COMPARISON,
        COUNT,
        ENGLISH,
        "Xin chào",
    ],
)
def test_the_answer_is_the_services_own(
    client: OpenAI, service: HttpProcess, question: str
) -> None:
    """Streamed or not, to the letter."""
    expected = native(service, question)["text"]
    whole = complete(client, question)
    chunks = streamed(client, question)

    assert whole.choices[0].message.content == expected
    assert content_of(chunks) == expected
    assert whole.choices[0].finish_reason == "stop"
    assert [c.choices[0].finish_reason for c in chunks][-1] == "stop"
    assert whole.model == chunks[0].model == MODEL


def test_each_label_is_annotated(client: OpenAI, service: HttpProcess) -> None:
    """With where it stands, a link to its article, and the quote; in a stream at the end."""
    message = complete(client, LIST).choices[0].message
    sent = annotations_of(streamed(client, LIST))
    annotations = [one.model_dump() for one in message.annotations]
    sentences = native(service, LIST)["sentences"]

    assert len(annotations) == len(sentences) > 1
    assert sent == annotations
    assert len({one["url_citation"]["start_index"] for one in annotations}) == len(annotations)
    for one in annotations:
        cited = one["url_citation"]
        assert message.content[cited["start_index"] : cited["end_index"]] == LABEL
        assert cited["url"].startswith(f"{service.address}/kho?bai=")
        assert httpx.get(cited["url"]).status_code == 200
        article = httpx.get(f"{service.address}/v1/articles/{one['citation']['article']}").json()
        start, end = one["citation"]["start"], one["citation"]["end"]
        assert article["text"][start:end] == one["citation"]["quote"]


def test_a_refusal_is_an_answer(client: OpenAI) -> None:
    """With the refusal's words and nothing annotated."""
    message = complete(client, REFUSED).choices[0].message

    assert message.content.startswith("Các bài viết trong kho không có thông tin")
    assert message.annotations == []


THEN = "Còn ở Quảng Ninh thì sao?"


def test_earlier_questions_are_continued(client: OpenAI, service: HttpProcess) -> None:
    """As in a conversation of the service's own; what the assistant said does not matter."""
    native(service, QUESTION, conversation_id="openai-1")
    expected = native(service, THEN, conversation_id="openai-1")["text"]
    followed = complete(client, QUESTION, THEN).choices[0].message.content
    alone = complete(client, THEN).choices[0].message.content

    assert followed == content_of(streamed(client, QUESTION, THEN)) == expected
    assert followed.startswith("(Hiểu câu hỏi là: Chỉ số hài lòng của người dân Quảng Ninh")
    assert alone != followed


@pytest.mark.parametrize(("between", "is_continued"), [(4, True), (5, False)])
def test_as_much_is_remembered_as_of_other_conversations(
    client: OpenAI, between: int, is_continued: bool
) -> None:
    """Five questions: reading a long one each time would hold up others."""
    said = [QUESTION, *["Xin chào"] * between, THEN]
    content = complete(client, *said).choices[0].message.content

    assert content.startswith("(Hiểu câu hỏi là: Chỉ số hài lòng") is is_continued


def test_text_may_come_in_parts(client: OpenAI) -> None:
    """As front ends send it that take pictures too; a picture is refused in words."""
    text = {"type": "text", "text": QUESTION}
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}

    assert "91,3%" in complete(client, [text]).choices[0].message.content
    with pytest.raises(openai.BadRequestError, match="Chỉ nhận câu hỏi bằng chữ"):
        complete(client, [text, picture])


@pytest.mark.parametrize("is_streamed", [True, False])
@pytest.mark.parametrize(
    ("question", "said"), [("", "đang trống"), ("?!", "Chưa thấy chữ"), ("a" * 1_001, "quá dài")]
)
def test_what_can_not_be_asked_is_an_error_of_the_client(
    client: OpenAI, question: str, said: str, is_streamed: bool
) -> None:
    """With its outcome as the code."""
    with pytest.raises(openai.BadRequestError, match=said) as error:
        complete(client, question, stream=is_streamed)

    assert error.value.code == "question_invalid"


def test_only_one_answer_is_given(client: OpenAI) -> None:
    """Two would be the same."""
    with pytest.raises(openai.BadRequestError, match="n phải là 1") as error:
        complete(client, QUESTION, n=2)

    assert error.value.param == "n"


def test_a_field_of_another_form_is_named(client: OpenAI) -> None:
    """OpenAI's form has no place for a list of them: they are in its message."""
    with pytest.raises(openai.BadRequestError, match="chưa đúng dạng: stream: ") as error:
        complete(client, QUESTION, extra_body={"stream": "perhaps"})

    assert error.value.param == "stream"


def test_what_there_is_no_use_for_is_ignored(client: OpenAI) -> None:
    """Temperatures, tools and limits of other models."""
    tool = {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}
    more: Any = {"temperature": 2, "max_tokens": 1, "tools": [tool], "seed": 7, "user": "a"}

    assert "91,3%" in complete(client, QUESTION, **more).choices[0].message.content


def test_usage_counts_syllables(client: OpenAI) -> None:
    """In a stream only where it is asked for."""
    usage = complete(client, "Xin chào").usage
    chunks = streamed(client, "Xin chào", stream_options={"include_usage": True})

    assert usage.prompt_tokens == 2
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens
    assert chunks[-1].usage == usage
    assert all(c.usage is None for c in streamed(client, "Xin chào"))


def test_there_is_one_model(client: OpenAI) -> None:
    """Any other name is answered too, by the same."""
    assert [model.id for model in client.models.list()] == [MODEL]
    assert client.models.retrieve(MODEL).id == MODEL
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("gpt-5")
    named = client.chat.completions.create(model="gpt-5", messages=user(QUESTION))
    assert named.model == MODEL


def test_the_asynchronous_client(service: HttpProcess) -> None:
    """Several at once, streamed and not, each its own answer."""

    async def ask_all() -> list[str]:
        async with AsyncOpenAI(base_url=f"{service.address}/v1", api_key="none") as client:

            async def one(question: str) -> str:
                stream = await client.chat.completions.create(
                    model=MODEL, messages=user(question), stream=True
                )
                return content_of([chunk async for chunk in stream])

            async def whole(question: str) -> str:
                completion = await client.chat.completions.create(
                    model=MODEL, messages=user(question)
                )
                return completion.choices[0].message.content or ""

            asked = (one(QUESTION), one("Xin chào"), one(LIST), whole(QUESTION))
            return list(await asyncio.gather(*asked))

    first, second, third, fourth = asyncio.run(ask_all())
    assert "91,3%" in first
    assert second.startswith("Xin chào")
    assert "hạn chế" in third
    assert fourth == first


def test_a_stream_is_buffered_and_kept_by_nobody(client: OpenAI) -> None:
    """And its text is sent as it is read."""
    raw = client.chat.completions.with_raw_response.create(
        model=MODEL, messages=user(QUESTION), stream=True
    )

    assert raw.headers["content-type"].startswith("text/event-stream")
    assert raw.headers["x-accel-buffering"] == "no"
    assert raw.headers["cache-control"] == "no-store"
    assert "chỉ số hài lòng" in raw.http_response.read().decode()


def test_keys_and_limits(seed_vectors: Path, tmp_path: Path) -> None:
    """The client raises what it raises for OpenAI, with the words of the service."""
    settings = {"HTTP_API_KEYS": f"a:{KEY}", "HTTP_QUESTIONS_PER_MINUTE": "1"}
    settings["HTTP_TRUSTED_PROXIES"] = "127.0.0.1"
    behind = {"Host": "hoi-dap.example.vn", "X-Forwarded-Proto": "https"}
    with running_http(seed_vectors, tmp_path, settings) as service:
        wrong, keyless = client_of(service, "wrong-0123456789abcdef"), client_of(service)
        with pytest.raises(openai.AuthenticationError, match="Khoá truy cập không đúng"):
            complete(wrong, QUESTION)
        with pytest.raises(openai.AuthenticationError, match="Khoá truy cập không đúng"):
            wrong.models.list()
        with pytest.raises(openai.AuthenticationError, match="Cần khoá truy cập"):
            complete(keyless, QUESTION, extra_headers={"Authorization": openai.Omit()})
        client = client_of(service, KEY)
        message = complete(client, QUESTION, extra_headers=behind).choices[0].message
        for is_streamed in (False, True):
            with pytest.raises(openai.RateLimitError, match="Đã hỏi quá nhiều") as limited:
                complete(client, QUESTION, stream=is_streamed)

    assert "91,3%" in message.content
    url = message.annotations[0].url_citation.url
    assert url == "https://hoi-dap.example.vn/kho?bai=002_bacd95ad4e680c06.txt"
    assert int(limited.value.response.headers["retry-after"]) > 0


def test_without_an_index_there_is_an_error(tmp_path: Path) -> None:
    """For the client a fault of the server, which it may try again."""
    with (
        running_http(tmp_path / "vectors", tmp_path) as service,
        pytest.raises(openai.InternalServerError, match="Kho bài viết chưa sẵn sàng") as error,
    ):
        complete(client_of(service), QUESTION)

    assert error.value.code == "index_missing"
    assert int(error.value.response.headers["retry-after"]) > 0


WRITTEN = "Năm 2020, chỉ số hài lòng của người dân ở Bắc Kạn đạt 91,3%"
ALSO = "Không có những vụ khiếu kiện, khiếu nại lớn, kéo dài"
FAILED = "(Mô hình ngôn ngữ hiện không phản hồi; câu trả lời trích nguyên văn từ bài viết.)"
BREAKS_OFF = Step(parts=[chunk(f"{WRITTEN} [1]. Khô"), "data: {"], is_broken=True)


@pytest.fixture(scope="module")
def model() -> Iterator[ScriptedServer]:
    """A language model that says what `steps` say."""
    with scripted(reply("Không có thông tin.")) as (server, _):
        yield server


@pytest.fixture(scope="module")
def writing(
    model: ScriptedServer, seed_vectors: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[HttpProcess]:
    settings = {
        "OPENAI_BASE_URL": f"http://127.0.0.1:{model.server_port}/v1",
        "LLM_MODEL": "m",
        "LLM_TIMEOUT_SECONDS": "5",
        "QUESTIONS_WAITING": "3",
    }
    with running_http(seed_vectors, tmp_path_factory.mktemp("writing"), settings) as running:
        yield running


@pytest.mark.parametrize(
    ("asked", "begins"),
    [
        ([QUESTION], WRITTEN),
        (
            [QUESTION.replace("Bắc Kạn", "Quảng Ninh"), "Còn ở Bắc Kạn thì sao?"],
            "(Hiểu câu hỏi là: Chỉ số hài lòng của người dân Bắc Kạn năm 2020 là bao nhiêu?) "
            + WRITTEN,
        ),
    ],
    ids=["alone", "follow-up"],
)
def test_what_a_model_writes_streams_as_it_comes(
    writing: HttpProcess, model: ScriptedServer, asked: list[str], begins: str
) -> None:
    """Each sentence as soon as it was checked; together they are the whole answer."""
    parts: list[str | float] = [
        chunk(f"{WRITTEN} [1]. Khô"),
        0.6,
        chunk(f"ng{ALSO[5:]} [1]. "),
        0.6,
        chunk("Hết [1].", "stop"),
        "data: [DONE]\n\n",
    ]
    model.steps = [Step(parts=parts)]
    client = client_of(writing)
    arrived = []
    chunks = []
    for one in complete(client, *asked, stream=True):
        chunks.append(one)
        if one.choices[0].delta.content:
            arrived.append((time.monotonic(), one.choices[0].delta.content))
    whole = complete(client, *asked).choices[0].message

    assert whole.content.startswith(begins)
    assert content_of(chunks) == whole.content
    assert annotations_of(chunks) == [one.model_dump() for one in whole.annotations]
    told = next(at for at, piece in arrived if WRITTEN in piece)
    assert arrived[-1][0] - told > 0.5


@pytest.mark.parametrize("question", [QUESTION, LIST, COMPARISON, COUNT, ENGLISH, REFUSED])
@pytest.mark.parametrize(
    "step", [reply("Không có thông tin."), refusal(401)], ids=["writes nothing", "is down"]
)
def test_without_a_models_sentences_nothing_is_said_twice(
    writing: HttpProcess, model: ScriptedServer, step: Step, question: str
) -> None:
    """The quotes stream as the answer has them, with what stands around them."""
    model.steps = [step]
    client = client_of(writing)
    chunks = streamed(client, question)
    message = complete(client, question).choices[0].message

    assert content_of(chunks) == message.content == native(writing, question)["text"]
    assert annotations_of(chunks) == [one.model_dump() for one in message.annotations]


def test_a_model_that_fails_midway_is_not_hidden(
    writing: HttpProcess, model: ScriptedServer
) -> None:
    """What was begun stays, and the whole answer in quotes follows, with the word why."""
    model.steps = [BREAKS_OFF]
    client = client_of(writing)
    chunks = streamed(client, QUESTION)
    quoted = complete(client, QUESTION).choices[0].message.content
    content = content_of(chunks)
    (annotation,) = annotations_of(chunks)
    start = annotation["url_citation"]["start_index"]

    assert quoted.endswith(FAILED)
    assert content == f"{WRITTEN} {LABEL}.\n\n{quoted}"
    assert content[start : annotation["url_citation"]["end_index"]] == LABEL
    assert start == content.rindex(LABEL)


@pytest.mark.parametrize("is_streamed", [True, False])
def test_who_leaves_is_not_worked_for(
    writing: HttpProcess, model: ScriptedServer, is_streamed: bool
) -> None:
    """The model's stream is closed with the client's."""
    pause_and_word: list[str | float] = [0.2, chunk(" chữ")]
    model.steps = [Step(parts=[chunk("Chậm"), *pause_and_word * 50])]
    model.hung_up.clear()
    client = client_of(writing).with_options(timeout=1)
    with pytest.raises(openai.APITimeoutError):
        list(complete(client, QUESTION, stream=is_streamed))

    assert model.hung_up.wait(5)


def test_too_many_are_told_when_to_come_again(writing: HttpProcess) -> None:
    """The others are answered."""

    async def one(client: AsyncOpenAI, is_streamed: bool) -> openai.InternalServerError | None:
        try:
            create: Any = client.chat.completions.create
            await create(model=MODEL, messages=user(REFUSED), stream=is_streamed)
        except openai.InternalServerError as error:
            return error
        return None

    async def all_at_once() -> list[openai.InternalServerError | None]:
        address = f"{writing.address}/v1"
        async with AsyncOpenAI(base_url=address, api_key="none", max_retries=0) as client:
            return await asyncio.gather(*(one(client, bool(n % 2)) for n in range(40)))

    ended = asyncio.run(all_at_once())
    refused = [error for error in ended if error]

    assert 0 < len(refused) < len(ended)
    assert {error.code for error in refused} == {"busy"}
    assert all("Xin" in error.message for error in refused)
    assert all(int(error.response.headers["retry-after"]) > 0 for error in refused)


def citation(number: int, label: str, *also: str) -> Citation:
    return Citation(number, label, "T", f"{number}.txt", "q", 0, 1, also)


def answer_of(text: str, sentences: list[Sentence], citations: list[Citation]) -> Answer:
    return Answer("1", Outcome.ANSWERED, text, tuple(sentences), tuple(citations), {})


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (  # the other paper of the first sentence is the paper of the second
            answer_of(
                "Một [A] [B]. Hai [B].",
                [Sentence("Một.", (1,)), Sentence("Hai.", (2,))],
                [citation(1, "A", "B"), citation(2, "B")],
            ),
            [(1, 4, 7), (2, 17, 20)],
        ),
        (  # two quotes of one article share its label
            answer_of(
                "Một [A]. Hai [A].",
                [Sentence("Một.", (1, 2)), Sentence("Hai.", (3,))],
                [citation(1, "A"), citation(2, "A"), citation(3, "A")],
            ),
            [(1, 4, 7), (2, 4, 7), (3, 13, 16)],
        ),
        (  # a count before, a quote that has a label in it, a note behind
            answer_of(
                "Có 2 bài [A]. Theo [A] thì có [A]. (Hết)",
                [Sentence("Theo [A] thì có.", (1,))],
                [citation(1, "A")],
            ),
            [(1, 30, 33)],
        ),
        (  # the same sentence on both sides of a comparison
            answer_of(
                "Một [A]. Một [A].",
                [Sentence("Một.", (1,)), Sentence("Một.", (2,))],
                [citation(1, "A"), citation(2, "A")],
            ),
            [(1, 4, 7), (2, 13, 16)],
        ),
        (  # the sides of a comparison
            answer_of("• X: Một? [A]\n• Y: không", [Sentence("Một?", (1,))], [citation(1, "A")]),
            [(1, 10, 13)],
        ),
    ],
)
def test_a_label_is_found_at_its_own_sentence(
    shown: Answer, expected: list[tuple[int, int, int]]
) -> None:
    """Others have the same one."""
    found = [(citation.number, start, end) for citation, start, end in labels_in(shown)]

    assert found == expected


def test_an_error_in_mid_stream_is_raised_by_the_client(caplog: pytest.LogCaptureFixture) -> None:
    """With words for people, and without what the error itself says."""

    async def breaks() -> AsyncGenerator[str | Answer, None]:
        yield "Một"
        raise RuntimeError("bí mật")

    async def stream() -> bytes:
        events = breaks()
        sent = Completion("http://a", "?").stream(await anext(events), events, with_usage=False)
        return b"".join([piece async for piece in sent])

    body = asyncio.run(stream())
    headers = {"Content-Type": "text/event-stream"}
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, content=body, headers=headers))
    client = OpenAI(
        base_url="http://a", api_key="none", http_client=httpx2.Client(transport=transport)
    )
    chunks: list[Any] = []
    with pytest.raises(openai.APIError, match="Dịch vụ gặp lỗi"):
        chunks.extend(complete(client, QUESTION, stream=True))

    assert content_of(chunks) == "Một"
    assert "bí mật" not in body.decode() + caplog.text
    assert "RuntimeError" in caplog.text
