"""Fuzz one reader for some time with Atheris: `run.py TARGET SECONDS [CORPUS]`.

Not a dependency of the project: pip install atheris (Python 3.11 to 3.13).
"""

import contextlib
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["geocode", "gazetteer", "feedparser", "csv", "zipfile"]):
    from targets import EXPECTED, TARGETS


def main() -> None:
    """Run until the time is over or something other than an error of ours is raised."""
    name, seconds = sys.argv[1], sys.argv[2]
    target = TARGETS[name]
    corpus = Path(sys.argv[3] if len(sys.argv) > 3 else tempfile.mkdtemp())  # noqa: PLR2004 (shown above)
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.seeds):
        (corpus / f"seed-{number}").write_bytes(seed)

    def one(data: bytes) -> None:
        with contextlib.suppress(EXPECTED):
            target.run(data)

    options = [
        sys.argv[0], str(corpus), f"-max_total_time={seconds}", "-timeout=30", "-rss_limit_mb=4096",
        "-max_len=4096", f"-artifact_prefix={tempfile.gettempdir()}/fuzz-{name}-",
        "-print_final_stats=1",
    ]  # fmt: skip
    atheris.Setup(options, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
