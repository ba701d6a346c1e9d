"""Every setting, its default and what it does; from flags, environment (``DATELINE_*``) and ``.env``."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from warehouse.lake import Home


def _usable_cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Settings(BaseSettings):
    """Settings of a run. A flag wins over the environment, the environment over ``.env``, that over the default."""

    model_config = SettingsConfigDict(env_prefix="DATELINE_", env_file=".env", extra="ignore", frozen=True)

    home: Path = Field(Path("data"), description="Folder of raw files, lake, warehouse and reports.")
    model: str = Field("", description="spaCy pipeline: empty for the embedded one, else an installed name or a path.")
    workers: int = Field(default_factory=_usable_cores, ge=1, le=256, description="Worker processes of land, clean and extract.")
    batch_size: int = Field(256, ge=1, le=100_000, description="Documents per part of the lake.")
    sources: Path | None = Field(None, description="sources.toml: publisher, zone, field mapping and date by file-name pattern.")
    home_wait_s: float = Field(0, ge=0, description="Seconds that a run waits for another run in the same home before it gives up.")
    notify_url: SecretStr = Field(
        SecretStr(""), description="Webhook (http or https) that is told of failed runs and of sources that drift. Empty: nobody is told."
    )
    notify_block: str = Field("", description="Prefect notification block that is told the same, as TYPE/NAME (slack-webhook/desk).")
    corrections: Path | None = Field(
        None,
        description="corrections.toml: entities to merge or split, rows to reject or confirm. Without it: the one in the home, if it is there.",
    )
    lines: Path | None = Field(
        None,
        description="lines.toml: lines that publishers repeat, made by learn-lines. Without it: lines.toml in the home, if there is one.",
    )
    max_unit_bytes: int = Field(20_000_000, ge=1, description="Largest single text, record or page that is read.")
    max_text_chars: int = Field(1_000_000, ge=1, description="Longest text of a document.")
    max_expansion: int = Field(40, ge=1, description="Largest ratio of unpacked to packed size, for files over 10 MB unpacked.")
    max_reject_share: float = Field(
        0.5, ge=0, le=1, description="A stage stops when expectations set aside more than this share of its documents."
    )

    part_timeout_s: float = Field(
        3600,
        gt=0,
        description="Seconds that a part of clean or extract may take before its workers are ended and the run stops.",
    )

    @field_validator("notify_url")
    @classmethod
    def _is_web_address(cls, value: SecretStr) -> SecretStr:
        address = value.get_secret_value()
        if address and not address.startswith(("https://", "http://")):
            raise ValueError("it should begin with https:// or http://")
        return value

    @field_validator("notify_block")
    @classmethod
    def _is_block_name(cls, value: str) -> str:
        if value and not all(value.partition("/")[::2]):
            raise ValueError("it should be TYPE/NAME")
        return value

    def lines_file(self) -> Path | None:
        """The file of repeated lines that clean uses: the one that is set, else ``lines.toml`` in the home if there is one."""
        own = self.at_home().path / "lines.toml"
        return self.lines if self.lines is not None else own if own.is_file() else None

    def at_home(self) -> Home:
        """The home folder as an absolute path."""
        return Home(self.home.expanduser().resolve())
