from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from pipelines.steps.publication.formats.columnar import COLUMNAR
from pipelines.steps.publication.formats.form import Form
from pipelines.steps.publication.formats.registry import FORMS
from pipelines.steps.publication.sameness import Differing, differing
from tests.pipelines.steps.publication.formats.tables import ROWS, SHAPE, written

OTHERS = [form for form in FORMS if form is not COLUMNAR]
each_form = pytest.mark.parametrize("form", OTHERS, ids=lambda form: form.name)


def found(form: Form, folder: Path, rows: pl.DataFrame) -> tuple[Differing, ...]:
    known = written(COLUMNAR, folder)
    return differing(form, written(form, folder, rows), known, SHAPE)


@each_form
def test_equal_rows_differ_in_nothing(form: Form, tmp_path: Path) -> None:
    assert found(form, tmp_path, ROWS) == ()


@each_form
def test_a_difference_names_file_column_and_count_and_no_value(form: Form, tmp_path: Path) -> None:
    [difference] = found(form, tmp_path, ROWS.with_columns(level=pl.Series([1.5, 2.5])))
    assert str(difference) == f"harbour{form.suffix}: level (2)"


@each_form
def test_rows_that_are_missing_or_more_are_counted(form: Form, tmp_path: Path) -> None:
    assert found(form, tmp_path, ROWS.head(1)) == (Differing(f"harbour{form.suffix}", "rows", 1),)
    more = found(form, tmp_path, pl.concat([ROWS, ROWS]))
    assert more == (Differing(f"harbour{form.suffix}", "rows", 2),)


@each_form
def test_a_file_that_cannot_be_read_back_is_a_difference(form: Form, tmp_path: Path) -> None:
    known = written(COLUMNAR, tmp_path)
    path = form.path(SHAPE, tmp_path)
    path.write_bytes(b'\xff"{')
    [difference] = differing(form, path, known, SHAPE)
    assert difference.column in ("the file", "rows")


@pytest.mark.parametrize("form", [form for form in OTHERS if form.is_spatial])
def test_a_point_that_moved_is_a_difference(form: Form, tmp_path: Path) -> None:
    known = written(COLUMNAR, tmp_path)
    located = form.located(ROWS, SHAPE).with_columns(pl.lit(5.0).alias(":longitude"))
    path = form.path(SHAPE, tmp_path)
    form.write([located], SHAPE, path)
    assert ":longitude" in {each.column for each in differing(form, path, known, SHAPE)}
