"""Every setting of Sightline, in one place; the environment (``SIGHTLINE_*``) overrides each of them."""

from __future__ import annotations

import os
import shlex
import subprocess
from datetime import date
from functools import lru_cache
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
DEMO_KEY = "sightline demo key: for made-up people only"
KEY_BYTES = 32
KEY_COMMAND_SECONDS = 30


class Settings(BaseSettings):
    """Settings, their defaults and what they do. Paths are absolute once read."""

    model_config = SettingsConfigDict(env_prefix="SIGHTLINE_", extra="ignore", frozen=True)

    home: Path = Field(Path("var"), description="Everything that Sightline writes lies under this folder.")
    council: str = Field("barnet", description="The council whose file in councils/ is used.")
    as_at: date = Field(
        date(2026, 9, 30),
        description="As-at date: figures are as known at its end. Unset under a council's own key: today.",
    )
    children: int = Field(8000, ge=1, description="Children in the made-up council of the demo.")
    years: int = Field(5, ge=1, le=20, description="Years of history of the made-up council.")
    seed: int = Field(1, description="Seed of the made-up council: the same seed gives the same bytes.")
    database_url: SecretStr | None = Field(
        None,
        description="A PostgreSQL server (postgresql://user:password@host/db); unset: the embedded server.",
    )
    database_url_file: Path | None = Field(
        None, description="File that holds database_url, for servers whose secrets are files."
    )
    pg_bin: Path | None = Field(None, description="Folder of PostgreSQL programs to use for the embedded server.")
    pseudonym_key_file: Path | None = Field(
        None,
        description="File with the key of the pseudonyms; unset: the demo's key, for made-up people only.",
    )
    pseudonym_key_command: str | None = Field(
        None,
        description="Command that prints the key of the pseudonyms, in place of a file; run without a shell.",
    )
    quiet_seconds: float = Field(
        10,
        ge=0,
        description="How long a file must not have changed where the system cannot say whether it is still written.",
    )
    smtp_url: SecretStr | None = Field(None, description="Mail server for report delivery; unset: folder only.")

    def model_post_init(self, _context: object) -> None:
        """Make the paths absolute, so that a change of folder does not move them."""
        for name in ("home", "pg_bin", "pseudonym_key_file"):
            value = getattr(self, name)
            if value is not None:
                object.__setattr__(self, name, value.expanduser().resolve())
        if self.database_url is None and self.database_url_file is not None:
            object.__setattr__(self, "database_url", SecretStr(self.database_url_file.read_text().strip()))

    def inbox(self, council: str) -> Path:
        """Return the folder in which a council drops its extracts."""
        return self.home / "inbox" / council

    @property
    def reports(self) -> Path:
        """Folder under which reports are released: ``<council>/<report>/<period>/``."""
        return self.home / "reports"

    @property
    def airflow_home(self) -> Path:
        """Airflow's own folder: its settings, logs and generated passwords."""
        return self.home / "airflow"

    def pseudonym_key(self) -> bytes:
        """Return the key of the pseudonyms, from its file or from the command of a secrets backend.

        Raises:
            FileNotFoundError: the configured key file is missing.
            ValueError: the key has fewer than 32 bytes, the command failed, or both ways are set.
        """
        if self.is_demo_key:
            return DEMO_KEY.encode()
        if self.pseudonym_key_file and self.pseudonym_key_command:
            raise ValueError("both a file and a command for the pseudonym key are set: which one counts is not guessed")
        key = (self._printed_key() if self.pseudonym_key_command else self._filed_key()).strip()
        if len(key) < KEY_BYTES:
            raise ValueError(f"the pseudonym key must have at least {KEY_BYTES} bytes")
        return key

    def _filed_key(self) -> bytes:
        if not self.pseudonym_key_file.is_file():
            raise FileNotFoundError(f"pseudonym key file not found: {self.pseudonym_key_file.name}")
        return self.pseudonym_key_file.read_bytes()

    def _printed_key(self) -> bytes:
        """Run the key's command. What it prints, errors included, is shown nowhere: it may hold the key."""
        try:
            ended = subprocess.run(
                shlex.split(self.pseudonym_key_command),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=KEY_COMMAND_SECONDS,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ValueError(f"the command for the pseudonym key did not run: {type(error).__name__}") from None
        if ended.returncode:
            raise ValueError(f"the command for the pseudonym key ended with {ended.returncode}")
        return ended.stdout

    @property
    def is_demo_key(self) -> bool:
        """Whether the key is the published demo key, which protects nobody."""
        return self.pseudonym_key_file is None and self.pseudonym_key_command is None


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Return the settings of this process, read once."""
    return Settings()


def export(changes: dict[str, str]) -> None:
    """Set settings for this process and those it starts, and read them anew."""
    os.environ.update({f"SIGHTLINE_{name.upper()}": value for name, value in changes.items()})
    settings.cache_clear()
