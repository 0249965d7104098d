"""Files of every kind that hold a text or a number somewhere, for the tests of the scan."""

from __future__ import annotations

import gzip
import io
import json
import sqlite3
import zipfile
from collections.abc import Callable, Mapping

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from gdpr.scan.files import scan
from gdpr.scan.findings import Sought

PERSON = "12825423956"


def kinds(content: bytes, file: str = "a.csv", sought: Sought | None = None) -> dict[str, int]:
    """What is found in these bytes, by kind."""
    found = scan(file, io.BytesIO(content), sought or Sought())
    return {finding.kind: finding.count for finding in found}


def parquet(table: pa.Table, **options: object) -> bytes:
    """The table as Parquet."""
    buffer = io.BytesIO()
    pq.write_table(table, buffer, **options)
    return buffer.getvalue()


def zipped(files: Mapping[str, bytes], **options: object) -> bytes:
    """The files in a ZIP archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        archive.comment = str(options.get("comment", "")).encode()
    return buffer.getvalue()


def workbook(*cells: object, **properties: str) -> bytes:
    """A workbook with the values in its first column."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet()
    for row, value in enumerate(cells):
        sheet.write(row, 0, value)
    book.set_properties(properties)
    book.close()
    return buffer.getvalue()


def database(*values: object) -> bytes:
    """A SQLite database with the values in a table."""
    connection = sqlite3.connect(":memory:")
    connection.execute('CREATE TABLE "a ""b" (v)')
    connection.executemany('INSERT INTO "a ""b" VALUES (?)', [(value,) for value in values])
    connection.commit()
    return bytes(connection.serialize())


def arrow(table: pa.Table) -> bytes:
    """The table as an Arrow file."""
    buffer = io.BytesIO()
    with pa.ipc.new_file(buffer, table.schema) as writer:
        writer.write_table(table)
    return buffer.getvalue()


def unreferenced(text: str) -> bytes:
    """Parquet whose dictionary holds a text that no row refers to."""
    values = pa.DictionaryArray.from_arrays(pa.array([0, 0]), pa.array(["open", text]))
    return parquet(pa.table({"a": values}), write_statistics=False)


def in_metadata(text: str) -> bytes:
    """Parquet whose footer holds a text."""
    return parquet(pa.table({"a": [1]}).replace_schema_metadata({"note": text}))


HIDING: Mapping[str, Callable[[str], tuple[str, bytes]]] = {
    "a CSV cell": lambda n: ("a.csv", f"a,b\r\n1,{n}\r\n".encode()),
    "a quoted cell": lambda n: ("a.csv", f'a,b\n1,"{n}"'.encode()),
    "UTF-16": lambda n: ("a.txt", f"id\t{n}\r\n".encode("utf-16")),
    "text in two parts": lambda n: ("a.txt", f"nr. {n[:6]} {n[6:]}.".encode()),
    "a no-break space": lambda n: ("a.txt", f"({n[:6]}\u00a0{n[6:]})".encode()),
    "a JSON number": lambda n: ("a.json", json.dumps({"id": int(n)}).encode()),
    "a JSON string": lambda n: ("a.geojson", json.dumps({"properties": {"id": n}}).encode()),
    "an escaped JSON string": lambda n: (
        "a.json",
        ('{"id": "' + "".join(f"\\u{ord(c):04x}" for c in n) + '"}').encode(),
    ),
    "a percent-escaped address": lambda n: ("a.txt", f"https://a.example/?q=x%20{n}".encode()),
    "an HTML attribute": lambda n: ("a.html", f'<!doctype html><p data-id="{n}">'.encode()),
    "an HTML comment": lambda n: ("a.html", f"<html><!--{n}--></html>".encode()),
    "HTML entities": lambda n: (
        "a.html",
        ("<html>" + "".join(f"&#{ord(c)};" for c in n)).encode(),
    ),
    "HTML with a break": lambda n: ("a.html", f"<html>{n[:4]}<wbr>{n[4:]}".encode()),
    "a Parquet string": lambda n: ("a.parquet", parquet(pa.table({"a": ["x", n, None]}))),
    "a Parquet integer": lambda n: ("a.parquet", parquet(pa.table({"a": [1, int(n), None]}))),
    "a Parquet float": lambda n: ("a.parquet", parquet(pa.table({"a": [0.5, float(n)]}))),
    "a plain Parquet integer": lambda n: (
        "a.parquet",
        parquet(pa.table({"a": [int(n)]}), use_dictionary=False, write_statistics=False),
    ),
    "a dictionary entry": lambda n: ("a.parquet", unreferenced(n)),
    "a Parquet footer": lambda n: ("a.parquet", in_metadata(n)),
    "a Parquet column's name": lambda n: ("a.parquet", parquet(pa.table({n: [1]}))),
    "a Parquet page index": lambda n: (
        "a.parquet",
        parquet(pa.table({"a": [n]}), write_page_index=True),
    ),
    "an XLSX cell": lambda n: ("a.xlsx", workbook("x", n)),
    "an XLSX number": lambda n: ("a.xlsx", workbook(int(n))),
    "an XLSX property": lambda n: ("a.xlsx", workbook(1, author=n)),
    "SQLite": lambda n: ("a.sqlite", database(1, n)),
    "a SQLite integer": lambda n: ("a.sqlite", database(int(n))),
    "an Arrow file": lambda n: ("a.arrow", arrow(pa.table({"a": [int(n)]}))),
    "gzip": lambda n: ("a.csv.gz", gzip.compress(f"a\n{n}\n".encode())),
    "a ZIP member": lambda n: ("a.zip", zipped({"b/c.csv": f"x,{n}".encode()})),
    "Parquet in ZIP": lambda n: ("a.zip", zipped({"c.parquet": parquet(pa.table({"a": [n]}))})),
    "a ZIP member's name": lambda n: ("a.zip", zipped({f"{n}.csv": b"x"})),
    "a ZIP comment": lambda n: ("a.zip", zipped({"a": b"x"}, comment=n)),
    "a file name": lambda n: (f"id_{n}.csv", b"x"),
    "a file name with a word": lambda n: (f"rapport{n}.csv", b"x"),
    "no known format": lambda n: ("a.bin", b"\x00\x01\xff" + n.encode() + b"\xfe"),
}
