"""OpenAI's protocol, spoken by OpenAI's own client to the real service."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from openai import AsyncOpenAI, OpenAI

from tests.http_process import HttpProcess, running_http
from tests.scripted_server import Step, chunk, scripted

QUESTION = "Chỉ số hài lòng của người dân Bắc Kạn năm 2020 là bao nhiêu?"
LIST = "Công tác dân vận ở Bắc Kạn còn những hạn chế gì?"
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


def native(service: HttpProcess, question: str) -> dict[str, Any]:
    answer: dict[str, Any] = httpx.post(
        f"{service.address}/v1/ask", json={"question": question}, timeout=30
    ).json()
    return answer


@pytest.mark.parametrize(
    "question",
    [
        QUESTION,
        LIST,
        "Giá vàng hôm nay bao nhiêu?",
        "Trưởng ban Dân vận của Quảng Bình và Quảng Ninh là ai?",
        "Bao nhiêu bài nhắc đến quy chế dân chủ?",
        "How many models were registered in Quang Ninh in 2017?",
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
    chunks = streamed(client, LIST)
    (sent,) = [
        c.choices[0].delta.annotations
        for c in chunks
        if getattr(c.choices[0].delta, "annotations", None)
    ]
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
    message = complete(client, "Giá vàng hôm nay bao nhiêu?").choices[0].message

    assert message.content.startswith("Các bài viết trong kho không có thông tin")
    assert message.annotations == []


def test_earlier_questions_are_continued(client: OpenAI) -> None:
    """What the assistant said does not matter."""
    first = "Năm 2017 Quảng Ninh có bao nhiêu mô hình đăng ký cấp tỉnh?"
    followed = complete(client, first, "Còn ở Bắc Kạn thì sao?").choices[0].message.content
    alone = complete(client, "Còn ở Bắc Kạn thì sao?").choices[0].message.content

    assert "mô hình" in followed.split("\n")[0]
    assert followed != alone


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
    with pytest.raises(openai.BadRequestError, match="n phải là 1"):
        complete(client, QUESTION, n=2)


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


def test_the_asynchronous_client_streams(service: HttpProcess) -> None:
    """Several at once, each its own answer."""

    async def ask_all() -> tuple[str, str, str]:
        async with AsyncOpenAI(base_url=f"{service.address}/v1", api_key="none") as client:

            async def one(question: str) -> str:
                stream = await client.chat.completions.create(
                    model=MODEL, messages=user(question), stream=True
                )
                return content_of([chunk async for chunk in stream])

            return await asyncio.gather(one(QUESTION), one("Xin chào"), one(LIST))

    first, second, third = asyncio.run(ask_all())
    assert "91,3%" in first
    assert second.startswith("Xin chào")
    assert "hạn chế" in third


def test_keys_and_limits(seed_vectors: Path, tmp_path: Path) -> None:
    """The client raises what it raises for OpenAI."""
    settings = {"HTTP_API_KEYS": f"a:{KEY}", "HTTP_QUESTIONS_PER_MINUTE": "1"}
    with running_http(seed_vectors, tmp_path, settings) as service:
        with pytest.raises(openai.AuthenticationError):
            complete(client_of(service, "wrong-0123456789abcdef"), QUESTION)
        client = client_of(service, KEY)
        assert "91,3%" in complete(client, QUESTION).choices[0].message.content
        with pytest.raises(openai.RateLimitError, match="Đã hỏi quá nhiều") as limited:
            complete(client, QUESTION)

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


@pytest.mark.parametrize(
    "earlier",
    [(), ("Năm 2017 Quảng Ninh có bao nhiêu mô hình đăng ký cấp tỉnh?",)],
    ids=["alone", "follow-up"],
)
def test_what_a_model_writes_streams_as_it_comes(
    seed_vectors: Path, tmp_path: Path, earlier: tuple[str, ...]
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
    with scripted(Step(parts=parts)) as (_, url):
        settings = {"OPENAI_BASE_URL": url, "LLM_MODEL": "m"}
        with running_http(seed_vectors, tmp_path, settings) as service:
            client = client_of(service)
            chunks = streamed(client, *earlier, QUESTION)
            whole = complete(client, *earlier, QUESTION).choices[0].message

    pieces = [c.choices[0].delta.content for c in chunks if c.choices[0].delta.content]
    assert WRITTEN in whole.content
    assert "".join(pieces) == whole.content
    assert len(pieces) >= 2


def test_a_model_that_fails_midway_is_not_hidden(seed_vectors: Path, tmp_path: Path) -> None:
    """What was begun stays, and the answer in quotes follows, with the word why."""
    parts = [chunk(f"{WRITTEN} [1]. Khô"), "data: {"]
    with scripted(Step(parts=parts, is_broken=True)) as (_, url):
        settings = {"OPENAI_BASE_URL": url, "LLM_MODEL": "m", "LLM_TIMEOUT_SECONDS": "5"}
        with running_http(seed_vectors, tmp_path, settings) as service:
            content = content_of(streamed(client_of(service), QUESTION))

    assert "91,3%" in content
    assert "Mô hình ngôn ngữ hiện không phản hồi" in content
