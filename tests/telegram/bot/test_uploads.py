"""Documents that an admin sends become articles; the archive of the tests is a copy."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import docx
import pytest

from retrieval.settings import PROJECT
from tests.telegram.bot.conftest import StartBot
from tests.telegram.bot.test_buttons import press
from tests.telegram.bot_process import BotProcess
from tests.telegram.control import Telegram

ADMIN = 9
QUESTION = "Bao nhiêu hộ dân xã Yên Thượng hiến đất làm đường?"
TEXT = (
    "Xã Yên Thượng: 312 hộ dân hiến đất làm đường\n"
    "CAO BẰNG, ngày 3/9/2024\n"
    "Nhờ làm tốt công tác dân vận, đến nay 312 hộ dân xã Yên Thượng đã hiến đất làm đường giao "
    "thông nông thôn. Toàn xã đã bê tông hoá 14 km đường thôn trong năm 2024.\n"
)


@pytest.fixture
def archive(tmp_path: Path, seed_vectors: Path) -> dict[str, str]:
    """Settings of an archive that may be changed, with the admin who may."""
    shutil.copytree(PROJECT / "seeds", tmp_path / "seeds")
    shutil.copytree(seed_vectors, tmp_path / "vectors")
    return {
        "SEEDS_DIR": str(tmp_path / "seeds"),
        "VECTORS_DIR": str(tmp_path / "vectors"),
        "TELEGRAM_ADMINS": str(ADMIN),
    }


@pytest.fixture
def bot(start_bot: StartBot, archive: dict[str, str]) -> BotProcess:
    return start_bot(**archive)


def test_a_document_is_in_the_archive_after_a_yes(
    telegram: Telegram, bot: BotProcess, archive: dict[str, str]
) -> None:
    """What was read is shown first; the next question finds it."""
    telegram.private(1, QUESTION)
    (before,) = telegram.wait_for_messages(1, 1)
    telegram.document(ADMIN, "../Yên Thượng.txt", TEXT.encode(), "text/plain")
    (offer,) = telegram.wait_for_messages(ADMIN, 1)
    press(telegram, offer, "Thêm vào kho")
    telegram.wait_for(lambda: telegram.messages(ADMIN)[0].text.startswith("Đã thêm vào kho"), 120.0)
    telegram.private(1, QUESTION)
    (_, after) = telegram.wait_for_messages(1, 2)
    added = Path(archive["SEEDS_DIR"]) / "Yên Thượng.txt"

    assert "312" not in before.text
    assert offer.text.splitlines()[:4] == [
        "Đã đọc:",
        "Xã Yên Thượng: 312 hộ dân hiến đất làm đường",
        "Địa phương và ngày: Cao Bằng, 3/9/2024",
        "Số đoạn: 1",
    ]
    assert telegram.messages(ADMIN)[0].text == "Đã thêm vào kho. Kho hiện có 6 bài."
    assert "312 hộ dân xã Yên Thượng" in after.text
    assert "[Cao Bằng, 3/9/2024]" in after.text
    assert added.read_text(encoding="utf-8") == TEXT


def test_a_no_leaves_nothing_behind(
    telegram: Telegram, bot: BotProcess, archive: dict[str, str], tmp_path: Path
) -> None:
    """Neither in the archive nor where it waited; its buttons say so afterwards."""
    telegram.document(ADMIN, "bai.txt", TEXT.encode(), "text/plain")
    (offer,) = telegram.wait_for_messages(ADMIN, 1)
    press(telegram, offer, "Bỏ qua")
    telegram.wait_for(lambda: telegram.messages(ADMIN)[0].edited)

    assert telegram.messages(ADMIN)[0].text == "Đã bỏ qua tệp này."
    assert telegram.messages(ADMIN)[0].buttons == ()
    assert list((tmp_path / "uploads").iterdir()) == []
    assert len(list(Path(archive["SEEDS_DIR"]).glob("*.txt"))) == 5


def test_word_files_are_read_too(telegram: Telegram, bot: BotProcess) -> None:
    """As the archive's own are."""
    document, file = docx.Document(), io.BytesIO()
    for line in TEXT.splitlines():
        document.add_paragraph(line)
    document.save(file)
    telegram.document(ADMIN, "bai.docx", file.getvalue())
    (offer,) = telegram.wait_for_messages(ADMIN, 1)

    assert "Địa phương và ngày: Cao Bằng, 3/9/2024" in offer.text


@pytest.mark.parametrize(
    ("name", "content", "size", "told"),
    [
        ("bai.exe", b"MZ", 0, "Chỉ nhận tệp .txt, .md, .html, .docx hoặc .pdf, tối đa 20 MB."),
        ("bai.txt", b"abc", 30_000_000, "Chỉ nhận tệp .txt, .md, .html, .docx hoặc .pdf"),
        ("bai.txt", b"", 0, "Không đọc được bài viết trong tệp này"),
        ("bai.docx", b"PK\x03\x04broken", 0, "Không đọc được bài viết trong tệp này"),
        ("bai.pdf", b"%PDF-1.7 broken", 0, "Không đọc được bài viết trong tệp này"),
    ],
)
def test_what_is_no_article_is_told(
    telegram: Telegram, bot: BotProcess, name: str, content: bytes, size: int, told: str
) -> None:
    """Another kind of file, a large one, an empty and two broken ones."""
    telegram.document(ADMIN, name, content, size=size)
    (said,) = telegram.wait_for_messages(ADMIN, 1)

    assert said.text.startswith(told)


def test_an_offer_survives_a_restart(
    telegram: Telegram, start_bot: StartBot, archive: dict[str, str]
) -> None:
    """The document waits on the disk, not in memory."""
    first = start_bot(**archive)
    telegram.document(ADMIN, "bai.txt", TEXT.encode(), "text/plain")
    (offer,) = telegram.wait_for_messages(ADMIN, 1)
    first.end()
    start_bot(**archive)
    press(telegram, offer, "Thêm vào kho")
    telegram.wait_for(
        lambda: telegram.messages(ADMIN)[0].text == "Đã thêm vào kho. Kho hiện có 6 bài.", 120.0
    )


def test_a_failed_ingest_leaves_the_archive_as_it_was(
    telegram: Telegram, start_bot: StartBot, archive: dict[str, str], tmp_path: Path
) -> None:
    """The index can not be written: the document is taken out of the folder again."""
    bot = start_bot(**archive | {"VECTORS_DIR": str(tmp_path / "file" / "vectors")})
    (tmp_path / "file").write_text("no folder")
    telegram.document(ADMIN, "bai.txt", TEXT.encode(), "text/plain")
    (offer,) = telegram.wait_for_messages(ADMIN, 1)
    press(telegram, offer, "Thêm vào kho")
    telegram.wait_for(lambda: telegram.messages(ADMIN)[0].text.startswith("Chưa thêm"), 60.0)

    assert len(list(Path(archive["SEEDS_DIR"]).glob("*.txt"))) == 5
    assert "ingest: " in bot.text()
