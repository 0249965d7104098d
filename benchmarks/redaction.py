"""How fast free text is redacted, on one core, beside presidio-analyzer; and how well.

Three of four texts hold something that tells of a person. Presidio gets the patterns of numbers,
addresses and names, but none of the lists of names; it finds, and takes nothing out.
"""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
import time
from pathlib import Path

import polars as pl

from benchmarks.apart import on_one_core
from benchmarks.figures import Figure, at_least, seen
from gdpr.identifiers.contact import EMAIL_PATTERN
from gdpr.text.names import name_rules
from gdpr.text.redaction import redact
from gdpr.text.telling_numbers import number_rules
from gdpr.text.telling_places import place_rules
from tests.gdpr.text.redaction_corpus import lost, missed, sentences, words

ROWS = 100_000
PEER_ROWS = 2_000
RUNS = 3
MEAN = 72
LONGEST = 2_000
HERE = Path(__file__).resolve().parent
PEER = HERE.parent / ".venv-bench" / "bin" / "python"


def measure() -> list[Figure]:
    """The figures, from a process of its own in which Polars has one thread."""
    return on_one_core("redaction")


def figures() -> list[Figure]:
    """The same, from this process."""
    telling = texts()
    plain = telling.filter(redact(telling) == telling).sample(ROWS, with_replacement=True, seed=1)
    rate = _rate(telling)
    return [
        at_least("free texts of mean 72 characters redacted", rate, "texts/s/core", 80_000),
        seen("free texts that tell of nobody redacted", _rate(plain), "texts/s/core"),
        at_least("free texts against presidio, patterns only", rate / _presidio(), "times", 50),
        *quality(),
    ]


def texts() -> pl.Series:
    """Sentences of the corpus, now and then two at once, so that their mean length is 72."""
    said = [sentence.text for sentence in sentences()]
    once = sum(map(len, said)) / len(said)
    share = (MEAN - once) / (once + 1)
    steps = range(ROWS)
    chosen = (said[step % len(said)] for step in steps)
    more = (said[step * 7 // 3 % len(said)] for step in steps)
    twice = (int(step * share) != int((step + 1) * share) for step in steps)
    return pl.Series(
        [f"{a} {b}" if two else a for a, b, two in zip(chosen, more, twice, strict=True)]
    )


def quality() -> list[Figure]:
    """How much that tells goes, and how much of what goes tells, over the corpus."""
    corpus = sentences()
    redacted = redact(pl.Series([sentence.text for sentence in corpus]))
    kinds = [kind for sentence in corpus for kind, _ in sentence.telling]
    standing = [kind for kind, _ in missed(redacted)]
    names = [[kind for kind in some if kind == "navn"] for some in (kinds, standing)]
    others = [[kind for kind in some if kind != "navn"] for some in (kinds, standing)]
    gone = sum(
        (words(sentence.text) - words(output)).total()
        for sentence, output in zip(corpus, redacted, strict=True)
    )
    return [
        at_least("identifiers of the corpus that are redacted", _gone(*others), "%", 100),
        at_least("names of the corpus that are redacted", _gone(*names), "%", 98),
        at_least(
            "redacted words that told of a person", 100 - 100 * len(lost(redacted)) / gone, "%", 97
        ),
    ]


def _gone(kinds: list[str], standing: list[str]) -> float:
    """How many in a hundred of these went."""
    return 100 * (1 - len(standing) / len(kinds))


def _rate(values: pl.Series) -> float:
    return len(values) / min(_seconds(values) for _ in range(RUNS))


def _seconds(values: pl.Series) -> float:
    start = time.process_time()
    redact(values)
    return time.process_time() - start


def _presidio() -> float:
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        told = {"texts": texts().head(PEER_ROWS).to_list(), "patterns": _patterns()}
        json.dump(told, file)
        file.flush()
        done = subprocess.run(
            [str(PEER), str(HERE / "presidio_peer.py"), file.name],
            check=True,
            capture_output=True,
            text=True,
        )
    return float(json.loads(done.stdout)["rate"])


def _patterns() -> dict[str, str]:
    """The patterns that find, as Presidio's regular expressions write them."""
    rules = [*number_rules(), *place_rules(), *name_rules()[-8:]]
    finding = [
        rule.pattern for rule in rules if "[" in rule.instead and len(rule.pattern) < LONGEST
    ]
    return {f"RULE_{n}": _theirs(p) for n, p in enumerate([EMAIL_PATTERN, *finding])}


def _theirs(pattern: str) -> str:
    ascii_edge = pattern.replace(r"(?-u:\b)", r"\b")
    return re.sub(r"\\x\{([0-9a-f]+)\}", lambda hit: rf"\u{int(hit[1], 16):04x}", ascii_edge)


if __name__ == "__main__":
    print(json.dumps(figures()))
