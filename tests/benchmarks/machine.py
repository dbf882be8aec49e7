"""On which machine was this measured?"""

from __future__ import annotations

import os
import platform
import subprocess
from pathlib import Path
from typing import Any

import psutil
import psycopg

SERVER_SETTINGS = ("server_version", "fsync", "synchronous_commit", "shared_buffers")


def describe(url: str, folder: Path) -> dict[str, Any]:
    """Processor, memory, disk, versions, and how busy it was before we began."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "system": f"{platform.system()} {'.'.join(platform.release().split('.')[:2])}",
        "file_system": _file_system(folder),
        "python": platform.python_version(),
        "postgresql": _server(url),
        "load_before": [round(load, 2) for load in os.getloadavg()],
        "commit": _commit(),
    }


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())


def _file_system(folder: Path) -> str:
    mounts = [
        part
        for part in psutil.disk_partitions(all=True)
        if folder.resolve().is_relative_to(part.mountpoint)
    ]
    return max(mounts, key=lambda part: len(part.mountpoint)).fstype if mounts else "unknown"


def _server(url: str) -> dict[str, str]:
    with psycopg.connect(url) as conn:
        return {
            name: str(conn.execute(f"show {name}").fetchone()[0])  # type: ignore[index]
            for name in SERVER_SETTINGS
        }


def _commit() -> str:
    found = subprocess.run(
        ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False
    )
    return found.stdout.strip()
