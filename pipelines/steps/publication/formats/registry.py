"""Every format of a release, in the order in which they are shown."""

from pipelines.steps.publication.formats.columnar import COLUMNAR
from pipelines.steps.publication.formats.features import FEATURES
from pipelines.steps.publication.formats.form import Form, Shape
from pipelines.steps.publication.formats.geoparquet import GEOPARQUET
from pipelines.steps.publication.formats.records import RECORDS
from pipelines.steps.publication.formats.separated import SEPARATED
from pipelines.steps.publication.formats.workbook import WORKBOOK

FORMS = (SEPARATED, COLUMNAR, WORKBOOK, RECORDS, FEATURES, GEOPARQUET)


def forms_of(shape: Shape) -> tuple[Form, ...]:
    """The formats that rows of that shape may have: spatial ones where they have a place."""
    return tuple(form for form in FORMS if shape.place or not form.is_spatial)
