"""`python -m retrieval doctor`: is everything in place, and if not, what to do.

Each check ends in one line: ok, off (optional and not set), or failed with the remedy. No
secret is ever shown.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator

from retrieval import snapshot
from retrieval.articles import article_paths
from retrieval.corpus import corpus_digest
from retrieval.database import Database
from retrieval.encoders import Encoder, open_encoder
from retrieval.errors import (
    IndexForbidden,
    IndexUnavailable,
    IndexUnreachable,
    ServiceError,
    SettingsError,
    StoreUnavailable,
)
from retrieval.llm_check import check_llm
from retrieval.schema import Check
from retrieval.search import Retriever
from retrieval.settings import Settings, read_settings
from retrieval.sharing import index_address, open_index, server_version

_SECONDS = 5.0
_TRIAL = "Công tác dân vận còn những hạn chế gì?"


def run_checks() -> Iterator[Check]:
    """Each check as soon as it is done; later ones go on where an earlier one failed."""
    try:
        settings = read_settings()
    except SettingsError as error:
        yield Check("settings", "failed", str(error), "correct the keys named, see .env.example")
        return
    yield Check("settings", "ok", f"model {settings.embedding_model}")
    yield _check_seeds(settings)
    encoder: Encoder | None = None
    try:
        started = time.perf_counter()
        encoder = open_encoder(
            settings.embedding_model, snapshot.models_folder(settings.vectors_dir)
        )
        encoder.encode_question(_TRIAL)
        spent = (time.perf_counter() - started) * 1_000
        yield Check("model", "ok", f"{encoder.fingerprint}, first question {spent:.0f} ms")
    except (ServiceError, OSError, RuntimeError) as error:
        remedy = "EMBEDDING_MODEL: bundled, or a sentence-transformers folder or name"
        yield Check("model", "failed", str(error), remedy)
    yield _check_milvus(settings)
    yield _check_index(settings, encoder)
    yield _check_conversations(settings)
    yield from check_llm(settings)
    yield _check_telegram(settings)


def _check_seeds(settings: Settings) -> Check:
    folder = settings.seeds_dir
    remedy = "put article files (.txt, .md, .html, .docx, .pdf) there, or set SEEDS_DIR"
    if not folder.is_dir():
        fault = "is no folder" if folder.exists() else "does not exist"
        return Check("seeds", "failed", f"{folder} {fault}", remedy)
    count = len(article_paths(folder))
    if count == 0:
        return Check("seeds", "failed", f"no article file in {folder}", remedy)
    return Check("seeds", "ok", f"{count} files in {folder}")


def _check_milvus(settings: Settings) -> Check:
    address = index_address(settings)
    if address is None:
        return Check("Milvus", "off", "INDEX_URL is not set: the files of the index are searched")
    remedy = "start the server, or correct INDEX_URL (milvus://[USER:PASSWORD@]HOST[:PORT]/NAME)"
    try:
        version = server_version(address)
    except SettingsError as error:
        return Check("Milvus", "failed", str(error), "run: pip install '.[milvus]'")
    except IndexUnavailable as error:
        return Check("Milvus", "failed", str(error), remedy)
    return Check("Milvus", "ok", f"{address.shown} answers, version {version}")


def _check_index(settings: Settings, encoder: Encoder | None) -> Check:
    if encoder is None:
        return Check("index", "failed", "can not be checked without the model", "see above")
    try:
        index = open_index(settings, encoder.fingerprint, fully=True)
        result = Retriever(index, encoder).search(_TRIAL)
    except IndexUnreachable as error:
        return Check("index", "failed", str(error), "see above")
    except IndexForbidden as error:
        return Check("index", "failed", str(error), "change the folder's permissions")
    except IndexUnavailable as error:
        return Check("index", "failed", str(error), "run: python ingest.py")
    except SettingsError as error:
        return Check("index", "failed", str(error), "correct VECTORS_DIR or INDEX_URL")
    manifest = index.manifest
    found = (
        f"{manifest.articles} articles, {manifest.passages} passages, built {manifest.created}; "
        f"a search found {len(result.hits)} passages"
    )
    if manifest.skipped:
        found += f"; {len(manifest.skipped)} files could not be read"
    paths = article_paths(settings.seeds_dir) if settings.seeds_dir.is_dir() else []
    paths += settings.bulk_files
    if paths and corpus_digest(settings.seeds_dir, paths) != manifest.corpus:
        return Check("index", "failed", f"{found}; older than the files", "run: python ingest.py")
    return Check("index", "ok", found)


def _check_conversations(settings: Settings) -> Check:
    """Whether answers can be remembered; nothing is created."""
    if settings.conversation_days == 0:
        return Check("memory", "off", "CONVERSATION_DAYS is 0: nothing is written to the disk")
    path, remedy = settings.conversations_db, "correct CONVERSATIONS_DB, or its permissions"
    try:
        if path.exists():
            Database.open(path).close()
            return Check("memory", "ok", f"{path}, {settings.conversation_days} days")
    except (StoreUnavailable, OSError) as error:
        return Check("memory", "failed", str(error), remedy)
    folder = next(parent for parent in path.parents if parent.exists())
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        return Check("memory", "failed", f"{path} can not be created in {folder}", remedy)
    return Check("memory", "ok", f"{path} will be created with the first answer")


def _check_telegram(settings: Settings) -> Check:
    if not settings.telegram_bot_token:
        return Check("Telegram", "off", "TELEGRAM_BOT_TOKEN is not set")
    token = settings.telegram_bot_token.get_secret_value()
    fault = _fault(f"{settings.telegram_api_base_url.rstrip('/')}/bot{token}/getMe", {})
    if fault:
        remedy = "check TELEGRAM_BOT_TOKEN (from @BotFather) and TELEGRAM_API_BASE_URL"
        return Check("Telegram", "failed", fault, remedy)
    if settings.telegram_mode == "webhook" and not settings.telegram_webhook_url:
        missing = "TELEGRAM_MODE is webhook, but no address is set"
        return Check("Telegram", "failed", missing, "set TELEGRAM_WEBHOOK_URL")
    return Check("Telegram", "ok", f"the token is accepted; {settings.telegram_mode}")


def _fault(address: str, headers: dict[str, str]) -> str | None:
    """What is wrong with an endpoint, without its address, which may hold the token."""
    import httpx

    try:
        status = httpx.get(address, headers=headers, timeout=_SECONDS).status_code
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return f"no answer ({type(error).__name__})"
    return None if status == httpx.codes.OK else f"answers with status {status}"


def print_checks(write: Callable[[str], None]) -> bool:
    """One line a check, its remedy below; whether none failed."""
    is_sound = True
    for check in run_checks():
        write(f"{check.state:6} {check.name:9} {check.found}")
        if check.remedy:
            write(f"{'':17}-> {check.remedy}")
        is_sound &= check.state != "failed"
    return is_sound
