"""The schema of the log, the vault, accounts and leases, one step a file (Alembic)."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Run every migration that the database has not seen."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    with engine.begin() as connection:
        connection.execute(text("create schema if not exists desk"))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def revisions() -> set[str]:
    """Every schema there ever was."""
    files = (Path(__file__).parent / "versions").glob("[0-9]*.py")
    return {file.name.partition("_")[0] for file in files}
