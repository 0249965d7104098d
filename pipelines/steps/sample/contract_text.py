"""A draft as the text of a contract file, with what a person must decide as comments."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import get_args

from pipelines.steps.sample.draft import Draft, DraftField
from pipelines.steps.sample.suggestions import Suggestion
from schemas.contract import SubjectWord

_UNITS = (("days", timedelta(days=1)), ("hours", timedelta(hours=1)))


@dataclass(frozen=True, slots=True)
class Answers:
    """Who answers for the dataset, whom an alarm reaches, and where users of the data ask."""

    owner: str
    alarm: str
    contact: str


def contract_text(draft: Draft, answers: Answers) -> str:
    """The contract as YAML: whole but for the class of each field, and units that nothing tells."""
    fields = (line for field in draft.fields for line in _field(field, draft))
    lines = (*_head(draft, answers), *fields, *_tail(draft, answers))
    return "".join(f"{line}\n" for line in lines)


def _head(draft: Draft, answers: Answers) -> Iterator[str]:
    yield "# yaml-language-server: $schema=../editor/dataset.schema.json"
    yield f"# Drafted from a sample of {draft.rows} rows. What a person must decide is commented:"
    yield "# take the # away where the suggestion is right; `datasjo check` lists what is left."
    yield "apiVersion: v3.1.0"
    yield "kind: DataContract"
    yield f"id: urn:datasjo:{draft.name}"
    yield f"name: {draft.name}"
    yield "version: 1.0.0"
    yield "status: draft"
    yield f"domain: {draft.name.split('_')[0]}"
    yield "description:"
    yield f"  purpose: {_told(f'Say here what {draft.name} is for.')}"
    yield "team:"
    yield f"  name: {_told(answers.owner)}"
    yield "  members:"
    yield f"    - {{username: {_told(answers.owner)}, role: owner}}"
    yield "support:"
    yield f"  - {{channel: help, url: {_told(f'mailto:{answers.contact}')}, scope: issues}}"
    yield "schema:"
    yield f"  - name: {draft.name}"
    yield "    physicalType: table"
    yield "    properties:"


def _field(field: DraftField, draft: Draft) -> Iterator[str]:
    suggestion = field.suggestion
    yield f"      - name: {field.name}"
    yield f"        physicalName: {_told(', '.join(field.columns))}"
    yield f"        logicalType: {field.type}"
    if field.key_position is not None or field.partition:
        yield "        required: true"
    if field.key_position is not None:
        yield "        primaryKey: true"
        yield f"        primaryKeyPosition: {field.key_position}"
    if field.partition:
        yield "        partitioned: true"
        yield "        partitionKeyPosition: 1"
    yield f"        # classification: {suggestion.word}  # suggested: {suggestion.why}"
    yield f"        description: {_told(f'What the source calls {field.columns[0]}.')}"
    yield "        customProperties:"
    yield from (f"          {line}" for line in _words(field, draft))


def _words(field: DraftField, draft: Draft) -> Iterator[str]:
    described = _told(f"Det kilden kaller {field.columns[0]}.")
    yield f"- {{property: description_nb, value: {described}}}"
    if field.lacks_unit:
        yield '# - {property: unit, value: "1"}  # which? UCUM; 1 for a plain count'
    elif field.unit is not None:
        yield f"- {{property: unit, value: {_told(field.unit)}}}"
    if field.misfits:
        yield f"# {field.misfits} of the {draft.rows} values are no {field.type}: their rows are"
        yield "# rejected, unless the source says what the word means, such as words: {Fullt: 0}"
    if field.source:
        yield f"- {{property: source, value: {_told(field.source)}}}"
    yield from _personal(field.suggestion)


def _personal(suggestion: Suggestion) -> Iterator[str]:
    if suggestion.category:
        others = ", ".join(word for word in get_args(SubjectWord) if word != suggestion.subject)
        yield f"# - {{property: category, value: {suggestion.category}}}"
        yield f"# - {{property: subject, value: {suggestion.subject}}}  # or {others}"
    if suggestion.mask:
        yield f"# - {{property: mask, value: {suggestion.mask}}}"
        yield '# - {property: purpose, value: "say what the field is used for"}'


def _tail(draft: Draft, answers: Answers) -> Iterator[str]:
    value, unit = _rhythm(draft.frequency)
    event = next((f".{field.name}" for field in draft.fields if field.partition), "")
    yield "slaProperties:"
    yield f"  - {{property: frequency, value: {value}, unit: {unit}, element: {draft.name}{event}}}"
    yield f"  - {{property: latency, value: 1, unit: days, element: {draft.name}{event}}}"
    yield f"  - {{property: retention, value: 5, unit: years, element: {draft.name}{event}}}"
    yield "customProperties:"
    yield "  - {property: surprises, value: freeze}"
    yield "  - property: operation"
    yield "    value:"
    yield f"      owner: {_told(answers.owner)}"
    yield f"      alarm_recipient: {_told(answers.alarm)}"
    yield "      runbook: docs/runbooks/gate-closed.md"
    yield f"  - {{property: source, value: {_told(draft.profile)}}}"
    yield "  # a release needs title, description, theme, keyword, license and frequency: see the"
    yield "  # release of another contract, and the municipality's approval in its binding"


def _rhythm(frequency: timedelta) -> tuple[int, str]:
    for unit, size in _UNITS:
        if frequency >= size:
            return round(frequency / size), unit
    return max(1, round(frequency / timedelta(minutes=1))), "minutes"


def _told(value: object) -> str:
    """A value as YAML in one line, quoted as JSON."""
    return json.dumps(value, ensure_ascii=False)
