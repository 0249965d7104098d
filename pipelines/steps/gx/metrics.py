"""The metrics of Great Expectations that the Polars engine knows, and its answers to them."""

from collections.abc import Iterator, Sequence

from pipelines.steps.gx.aggregates import AGGREGATES, aggregate
from pipelines.steps.gx.conditions import CONDITIONS
from pipelines.steps.gx.keys import UNIQUE, rows_sharing_a_key
from pipelines.steps.gx.question import Question
from pipelines.steps.gx.table import Table

RULES = frozenset(CONDITIONS) | UNIQUE
FACTS = frozenset({"table.columns", "table.column_types", "table.column_count"})
TABLE_METRICS = FACTS | frozenset(AGGREGATES)
COUNTS = frozenset({"unexpected_count", "filtered_row_count"})
WITHHELD = frozenset({"unexpected_values", "unexpected_index_list", "unexpected_index_query"})


def metric_names() -> Iterator[str]:
    """Every metric that can be answered; Great Expectations may lack some of them."""
    yield from FACTS
    yield from AGGREGATES
    yield from (f"{rule}.{answer}" for rule in RULES for answer in COUNTS | WITHHELD)


def answers(questions: Sequence[Question], table: Table) -> list[object]:
    """The answer to each question; those that would show a row get an empty list.

    Raises:
        NotJudgeable: a rule does not fit the type of its column, or the column is missing.
    """
    known: dict[int, object] = {}
    wanted = {}
    for place, question in enumerate(questions):
        if question.metric in FACTS:
            known[place] = _fact(question, table)
        elif question.answer in WITHHELD:
            known[place] = []
        elif question.rule in UNIQUE and question.answer == "unexpected_count":
            known[place] = rows_sharing_a_key(question, table)
        else:
            wanted[place] = aggregate(question, table)
    known |= zip(wanted, table.aggregate(tuple(wanted.values())), strict=True)
    return [known[place] for place in range(len(questions))]


def _fact(question: Question, table: Table) -> object:
    columns = [{"name": name, "type": dtype} for name, dtype in table.schema.items()]
    if question.metric == "table.column_types":
        return columns
    names = [column["name"] for column in columns]
    return names if question.metric == "table.columns" else len(names)
