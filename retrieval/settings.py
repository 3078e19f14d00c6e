"""Settings: environment beats `.env` beats default; read once into a frozen object."""

from __future__ import annotations

import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from retrieval.errors import SettingsError
from retrieval.milvus_address import MilvusAddress

PROJECT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Every setting of the project, in the order of `.env.example`.

    Relative paths are below the project's folder, whatever the working directory is.
    """

    model_config = SettingsConfigDict(
        env_file=PROJECT / ".env", env_file_encoding="utf-8", extra="ignore", frozen=True
    )

    seeds_dir: Path = Path("seeds")
    seeds_jsonl: str = ""
    vectors_dir: Path = Path("vectors")
    # It may hold a password.
    index_url: SecretStr = SecretStr("")
    embedding_model: str = "bundled"
    # Not below `vectors_dir`: an index can be built again, and `make clean` deletes it.
    conversations_db: Path = Path("state/conversations.sqlite")
    conversation_days: int = Field(default=90, ge=0, le=36_500)
    questions_waiting: int = Field(default=100, ge=0)
    openai_base_url: str = ""
    openai_api_key: SecretStr = SecretStr("")
    llm_model: str = ""
    llm_context_tokens: int = Field(default=4096, ge=1024)
    llm_answer_tokens: int = Field(default=512, ge=32)
    llm_timeout_seconds: int = Field(default=60, ge=1)
    llm_silence_seconds: int = Field(default=30, ge=1)
    llm_concurrency: int = Field(default=4, ge=1)
    telegram_bot_token: SecretStr = SecretStr("")
    telegram_api_base_url: str = "https://api.telegram.org"
    telegram_mode: Literal["polling", "webhook"] = "polling"
    telegram_webhook_url: str = ""
    telegram_webhook_listen: str = "127.0.0.1"
    telegram_webhook_port: int = Field(default=8443, ge=1, le=65_535)
    telegram_webhook_secret: SecretStr = SecretStr("")
    telegram_allowed_chats: str = ""
    telegram_admins: str = ""
    telegram_questions_per_hour: int = Field(default=60, ge=0)
    telegram_stream_interval: float = Field(default=1.5, ge=0.2, le=20)
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=8080, ge=1, le=65_535)
    http_workers: int = Field(default=1, ge=1, le=64)
    http_api_keys: SecretStr = SecretStr("")
    http_questions_per_minute: int = Field(default=60, ge=0)
    http_identity_header: str = ""
    http_trusted_proxies: str = ""
    http_allowed_origins: str = ""

    @field_validator(
        "seeds_dir",
        "vectors_dir",
        "conversations_db",
        "embedding_model",
        "telegram_api_base_url",
        "http_host",
        mode="before",
    )
    @classmethod
    def _not_blank(cls, value: Any) -> Any:
        if isinstance(value, str) and not value.strip():
            raise ValueError("is blank")
        return value

    # Of the validators before the type is looked at, the last one comes first.
    @field_validator("*", mode="before")
    @classmethod
    def _default_where_empty(cls, value: Any, info: ValidationInfo) -> Any:
        """`SEEDS_DIR=` says nothing; taken as a path it would be the whole project."""
        return cls.model_fields[str(info.field_name)].default if value == "" else value

    @field_validator("seeds_dir", "vectors_dir", "conversations_db")
    @classmethod
    def _below_project(cls, path: Path) -> Path:
        try:
            return PROJECT / path.expanduser()
        except RuntimeError as error:  # "~nobody-of-this-name"
            raise ValueError("names the home of a user who is not known") from error

    @field_validator(
        "openai_base_url",
        "llm_model",
        "telegram_api_base_url",
        "telegram_webhook_url",
        "http_host",
        "http_identity_header",
    )
    @classmethod
    def _without_spaces(cls, text: str) -> str:
        return text.strip()

    @field_validator("telegram_allowed_chats", "telegram_admins")
    @classmethod
    def _numbers(cls, text: str) -> str:
        try:
            _numbers_in(text)
        except ValueError as error:
            raise ValueError("is no list of numbers with commas between them") from error
        return text

    @field_validator("http_identity_header")
    @classmethod
    def _header_name(cls, name: str) -> str:
        if not re.fullmatch(r"[A-Za-z0-9-]*", name):
            raise ValueError("is no name of a header")
        return name

    @field_validator("http_trusted_proxies")
    @classmethod
    def _networks(cls, text: str) -> str:
        try:
            _networks_in(text)
        except ValueError as error:
            raise ValueError("is no list of addresses or networks (10.0.0.0/8)") from error
        return text

    @field_validator("http_allowed_origins")
    @classmethod
    def _origins(cls, text: str) -> str:
        if not all(re.fullmatch(r"https?://[^/\s*]+", origin) for origin in listed(text)):
            raise ValueError("is no list of origins such as https://intranet.example")
        return text

    @field_validator("telegram_api_base_url", "telegram_webhook_url")
    @classmethod
    def _address(cls, url: str) -> str:
        if url and not re.match(r"https?://[^/\s]+", url):
            raise ValueError("is no address such as https://host")
        return url

    @field_validator("telegram_bot_token")
    @classmethod
    def _token(cls, token: SecretStr) -> SecretStr:
        if not re.fullmatch(r"(?:\d+:[A-Za-z0-9_-]+)?", token.get_secret_value().strip()):
            raise ValueError("is no token as @BotFather gives them (123456:ABC-DEF)")
        return SecretStr(token.get_secret_value().strip())

    @field_validator("index_url")
    @classmethod
    def _of_an_index(cls, url: SecretStr) -> SecretStr:
        stripped = url.get_secret_value().strip()
        try:
            if stripped:
                MilvusAddress.parse(stripped)
        except SettingsError as error:
            raise ValueError(str(error).removeprefix("INDEX_URL ")) from None
        return SecretStr(stripped)

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _fit_for_a_header(cls, secret: SecretStr) -> SecretStr:
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret.get_secret_value()):
            raise ValueError("may have letters, digits, _ and -, at most 256")
        return secret

    @field_validator("llm_answer_tokens")
    @classmethod
    def _leaves_room(cls, tokens: int, info: ValidationInfo) -> int:
        if tokens > info.data.get("llm_context_tokens", tokens * 2) // 2:
            raise ValueError("is more than half of LLM_CONTEXT_TOKENS")
        return tokens

    @field_validator("embedding_model")
    @classmethod
    def _stripped(cls, name: str) -> str:
        return name.strip()

    @property
    def bulk_files(self) -> tuple[Path, ...]:
        """The files of many articles that SEEDS_JSONL names."""
        names = (name.strip() for name in self.seeds_jsonl.split(","))
        return tuple(PROJECT / Path(name).expanduser() for name in names if name)

    @property
    def allowed_chats(self) -> frozenset[int]:
        """Ids of the chats that TELEGRAM_ALLOWED_CHATS names."""
        return _numbers_in(self.telegram_allowed_chats)

    @property
    def admins(self) -> frozenset[int]:
        """Ids of the people that TELEGRAM_ADMINS names."""
        return _numbers_in(self.telegram_admins)

    @property
    def trusted_proxies(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The networks that HTTP_TRUSTED_PROXIES names."""
        return _networks_in(self.http_trusted_proxies)

    @property
    def allowed_origins(self) -> tuple[str, ...]:
        """The origins that HTTP_ALLOWED_ORIGINS names."""
        return listed(self.http_allowed_origins)


def listed(text: str) -> tuple[str, ...]:
    """The items of a setting with commas or spaces between them."""
    return tuple(text.replace(",", " ").split())


def _numbers_in(text: str) -> frozenset[int]:
    return frozenset(map(int, listed(text)))


def _networks_in(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(map(ip_network, listed(text)))


def read_settings() -> Settings:
    """The settings of this process.

    Raises:
        SettingsError: names each key that can not be used, never a value.
    """
    try:
        return Settings()
    except ValidationError as error:
        faults = "; ".join(
            f"{str(fault['loc'][0]).upper()}: {fault['msg']}" for fault in error.errors()
        )
        raise SettingsError(f"settings (environment or .env) can not be used: {faults}") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SettingsError(f".env is no UTF-8 text (line {line}): save it as UTF-8") from error
    except OSError as error:
        raise SettingsError(f".env can not be read: {error.strerror}") from error
