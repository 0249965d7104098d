"""The documents as their tests read them: blocks, links, anchors, tables and commands."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
FENCE = "```"
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`]+)`")
_TOLD = re.compile(r"\b(save\b.*\bas|at the end of|in the place of)\b", re.IGNORECASE | re.DOTALL)
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
_CONTROL = {"&&", "|", ";", "(", ")"}
_CELL = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True)
class Block:
    """A fenced block, the paragraph above it, and the heading that it stands under."""

    document: str
    line: int
    language: str
    text: str
    above: str
    heading: str

    def __str__(self) -> str:
        return f"{self.document}:{self.line}"

    @property
    def file(self) -> str | None:
        """The file that a reader is told to write the block to."""
        if self.language in ("sh", "text", "diff") or not _TOLD.search(self.above):
            return None
        words: list[str] = _CODE.findall(self.above)
        return next(word for word in reversed(words) if "/" in word)


@dataclass(frozen=True)
class Command:
    """A line that a reader may type."""

    where: str
    line: str

    def __str__(self) -> str:
        return f"{self.where} {self.line}"

    @property
    def fails(self) -> bool:
        """Whether the document says that it fails."""
        return "# fails" in self.line


@cache
def documents() -> tuple[str, ...]:
    paths = [*HOUSE.glob("*.md"), *HOUSE.glob("docs/**/*.md")]
    return tuple(sorted(path.relative_to(HOUSE).as_posix() for path in paths))


@cache
def text_of(document: str) -> str:
    return (HOUSE / document).read_text(encoding="utf-8")


@cache
def blocks(document: str) -> tuple[Block, ...]:
    return tuple(_blocks(document))


def _blocks(document: str) -> Iterator[Block]:
    lines = text_of(document).splitlines()
    at, heading = 0, ""
    while at < len(lines):
        if not lines[at].startswith(FENCE):
            heading = lines[at].lstrip("# ") if lines[at].startswith("#") else heading
            at += 1
            continue
        end = next(n for n in range(at + 1, len(lines)) if lines[n].startswith(FENCE))
        yield Block(
            document=document,
            line=at + 1,
            language=lines[at].removeprefix(FENCE),
            text="".join(f"{line}\n" for line in lines[at + 1 : end]),
            above="\n".join(lines[:at]).rstrip().rsplit("\n\n", 1)[-1],
            heading=heading,
        )
        at = end + 1


def all_blocks(*languages: str) -> list[Block]:
    """The blocks of every document, of those languages where any is named."""
    found = [block for name in documents() for block in blocks(name)]
    return [block for block in found if not languages or block.language in languages]


@cache
def prose(document: str) -> str:
    """The text without its blocks, line by line as it stands."""
    text = text_of(document)
    for block in blocks(document):
        text = text.replace(f"{FENCE}{block.language}\n{block.text}{FENCE}", "", 1)
    return text


def links(document: str) -> list[str]:
    return _LINK.findall(prose(document))


def code_words(document: str) -> list[str]:
    """Everything in prose that stands in backticks."""
    joined = " ".join(prose(document).split())
    return _CODE.findall(joined)


def anchors(document: str) -> set[str]:
    """The names by which headings can be linked to."""
    headings = _HEADING.findall(prose(document))
    kept = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.strip().replace(" ", "-") for heading in kept}


def table(document: str, heading: str, at: int = 0) -> list[list[str]]:
    """The rows of the first, or another, table under that heading, without the table's own."""
    section = re.split(rf"^#+ {re.escape(heading)}$", prose(document), flags=re.MULTILINE)[1]
    body = re.split(r"^#", section, maxsplit=1, flags=re.MULTILINE)[0]
    found = re.findall(r"(?:^\|.*\|\n)+", body, re.MULTILINE)[at]
    return [_cells(line) for line in found.splitlines()[2:]]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in _CELL.split(line)[1:-1]]


def code(cell: str) -> str:
    """The first word in backticks, or the cell itself where there is none."""
    found = _CODE.search(cell)
    return found[1] if found else cell


def under(document: str, heading: str) -> list[Block]:
    """The blocks under that heading, to the next one."""
    return [block for block in blocks(document) if block.heading == heading]


def lines_of(block: Block) -> list[Command]:
    return [Command(str(block), line) for line in block.text.splitlines() if line.strip()]


def commands() -> list[Command]:
    """Every line of every shell block, and every command in prose."""
    lines = [command for block in all_blocks("sh") for command in lines_of(block)]
    told = [
        Command(document, word)
        for document in documents()
        for word in code_words(document)
        if word.startswith(("datasjo ", "make "))
    ]
    return [*lines, *told]


def _words(line: str) -> list[str]:
    lexer = shlex.shlex(line, posix=True, punctuation_chars="();<>|&")
    lexer.whitespace_split = True
    return list(lexer)


def parts(line: str) -> Iterator[list[str]]:
    """The simple commands of a line."""
    part: list[str] = []
    for word in _words(line):
        if word in _CONTROL:
            yield part
            part = []
        else:
            part.append(word)
    yield part


def arguments(command: Command, program: str) -> list[str]:
    return next(part[1:] for part in parts(command.line) if part[:1] == [program])
