"""The peers: an environment for each under var/bench, and runs of peer_run.py inside them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
PLACE = HERE.parent / "var" / "bench"
INSTALL_SECONDS = 900


def listed() -> dict[str, list[str]]:
    """What pip gets for each peer, from peers.txt."""
    lines = [line.split() for line in (HERE / "peers.txt").read_text("utf-8").splitlines()]
    return {words[0]: words[1:] for words in lines if words and not words[0].startswith("#")}


def environment(peer: str) -> Path | str:
    """Return the Python of a peer's environment, made where missing; or why there is none."""
    wanted = listed()[peer]
    folder = PLACE / peer
    python = folder / "bin" / "python"
    done = folder / "installed.txt"
    if done.exists() and done.read_text("utf-8").split() == wanted:
        return python
    print(f"installing {peer} ...", flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    commands = [
        [sys.executable, "-m", "venv", "--clear", str(folder)],
        [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted],
    ]
    for command in commands:
        try:
            ran = subprocess.run(
                command, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            return "could not be installed here (too slow)"
        if ran.returncode:
            said = (ran.stderr.strip() or ran.stdout.strip()).splitlines()
            return f"could not be installed here ({said[-1][:120] if said else 'pip failed'})"
    done.write_text(" ".join(wanted), "utf-8")
    return python
