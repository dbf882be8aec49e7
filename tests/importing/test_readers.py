"""Is every row of a file read, or refused with its number?"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow
import pyarrow.parquet
import pytest

from tests.importing.files import FORMATS, ROWS
from web.importing.readers import BadRow, Row, Unreadable, normalise, open_table


def read(path: Path) -> list[Row | BadRow]:
    return list(open_table(path).rows())


def read_text(folder: Path, content: str | bytes, name: str = "a.csv") -> list[Row | BadRow]:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read(path)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_the_same_cells(tmp_path: Path, name: str) -> None:
    FORMATS[name](tmp_path / name, ROWS)

    rows = read(tmp_path / name)

    assert [row.cells for row in rows if isinstance(row, Row)] == [
        {normalise(column): value for column, value in row.items()} for row in ROWS
    ]


@pytest.mark.parametrize("name", FORMATS)
def test_a_table_can_be_read_twice(tmp_path: Path, name: str) -> None:
    FORMATS[name](tmp_path / name, ROWS)
    table = open_table(tmp_path / name)

    assert list(table.rows()) == list(table.rows())


def test_rows_are_numbered_as_a_spreadsheet_does(tmp_path: Path) -> None:
    rows = read_text(tmp_path, "id,said\n1,one\n\n2,two\n,,\n3,three\n")

    assert [(row.number, row.cells["id"]) for row in rows if isinstance(row, Row)] == [
        (2, "1"), (4, "2"), (6, "3"),
    ]  # fmt: skip


def test_a_row_with_too_many_cells_is_refused_and_one_with_too_few_is_flagged(
    tmp_path: Path,
) -> None:
    wide, narrow, trailing = read_text(tmp_path, "id,said\n1,a,b\n2\n3,c,,\n")

    assert wide == BadRow(2, "it has 3 cells, the first row has 2")
    assert narrow == Row(3, {"id": "2", "said": ""}, ("short_row",))
    assert trailing == Row(4, {"id": "3", "said": "c"})


def test_a_quotation_mark_that_is_never_closed_costs_one_row_only(tmp_path: Path) -> None:
    rows = read_text(tmp_path, 'id,said\n1,"open\n2,two\n3,"three, four"\n4,five\n')

    assert rows[0] == BadRow(2, "text follows the quotation mark that closes a cell")
    assert [row.cells["id"] for row in rows if isinstance(row, Row)] == ["2", "3", "4"]


def test_a_quotation_mark_that_is_open_at_the_end_costs_one_row_only(tmp_path: Path) -> None:
    rows = read_text(tmp_path, 'id,said\n1,"open\n2,two\n3,three\n')

    assert rows[0] == BadRow(2, "a quotation mark is never closed")
    assert [row.cells["id"] for row in rows if isinstance(row, Row)] == ["2", "3"]


def test_lines_inside_a_cell_belong_to_it(tmp_path: Path) -> None:
    first, second = read_text(tmp_path, 'id,said\n1,"a\r\nb, c"\n2,d\n')

    assert first == Row(2, {"id": "1", "said": "a\r\nb, c"})
    assert second.number == 3


def test_a_line_that_is_not_utf_8_is_read_as_windows_1252_and_flagged_alone(
    tmp_path: Path,
) -> None:
    first, second = read_text(tmp_path, "id,said\n1,café\n".encode() + b"2,caf\xe9\n")

    assert first == Row(2, {"id": "1", "said": "café"})
    assert second == Row(3, {"id": "2", "said": "café"}, ("guessed_encoding",))


def test_an_older_chinese_file_is_read_as_such_and_a_western_one_is_not(tmp_path: Path) -> None:
    """A line may look like UTF-8 (联通), and two accents in a row like a Chinese character (Öß)."""
    said = {
        encoding: [
            row.cells["said"]
            for row in read_text(tmp_path, f"id,said\n{lines}".encode(encoding))
            if isinstance(row, Row)
        ]
        for encoding, lines in (
            ("gb18030", "1,上海和深圳\n2,联通\n3,亳州"), ("cp1252", "1,Müller\n2,Öß")
        )
    }  # fmt: skip

    assert said == {"gb18030": ["上海和深圳", "联通", "亳州"], "cp1252": ["Müller", "Öß"]}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("2,a\0b", "it holds a NUL character"),
        ("2," + "x" * 200_000, "a cell has more than 131,072 characters"),
        ("2," + "x" * 3_000_000, "a line has more than 1,048,576 bytes"),
    ],
)
def test_what_is_no_cell_costs_its_row_only(tmp_path: Path, row: str, reason: str) -> None:
    first, bad, last = read_text(tmp_path, f"id,said\n1,a\n{row}\n3,c\n")

    assert bad == BadRow(3, reason)
    assert (first.number, last.number) == (2, 4)
    assert isinstance(last, Row)


def test_a_line_of_json_that_is_none_costs_its_row_only(tmp_path: Path) -> None:
    content = '{"id": 1}\n{"id": \n[1]\n{"id": "a\\u0000b"}\n{"id": 4, "who": {"name": "Li"}}\n'

    first, broken, listed, nul, last = read_text(tmp_path, content, "a.jsonl")

    assert first == Row(1, {"id": "1"})
    assert isinstance(broken, BadRow)
    assert listed == BadRow(3, "it is not a JSON object")
    assert nul == BadRow(4, "a cell holds a NUL character")
    assert last == Row(5, {"id": "4", "whoname": "Li"})


def test_typed_cells_of_a_workbook_read_as_a_person_would_write_them(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["id", "when", "amount", "yes"])
    book.active.append([1291006.0, datetime(2015, 3, 19, 8, 30), 12.5, True])
    book.create_sheet("More")
    book.save(tmp_path / "a.xlsx")
    table = open_table(tmp_path / "a.xlsx")

    [row] = table.rows()

    assert row == Row(
        2, {"id": "1291006", "when": "2015-03-19T08:30:00", "amount": "12.5", "yes": "true"}
    )
    assert table.notes == ("Only the first sheet, “Sheet”, was read; the file has 2.",)


def test_typed_cells_of_a_parquet_file_likewise(tmp_path: Path) -> None:
    columns = {
        "id": [7], "when": [date(2015, 3, 19)], "amount": [Decimal("12.50")],
        "who": [{"name": "Li"}], "tags": [["a", "b"]],
    }  # fmt: skip
    pyarrow.parquet.write_table(pyarrow.table(columns), tmp_path / "a.parquet")

    [row] = read(tmp_path / "a.parquet")

    assert row == Row(
        1,
        {"id": "7", "when": "2015-03-19", "amount": "12.50", "whoname": "Li", "tags": "a, b"},
    )


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"  \n", "is empty"),
        (b"id,ID\n1,2\n", "two columns called 'ID'"),
        (b",,\n1,2,3\n", "no column names"),
        (b"PK\x03\x04 but no workbook", "not an Excel file"),
        (b"PAR1 but no Parquet", "broken Parquet file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel file"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_a_sentence(
    tmp_path: Path, content: bytes, says: str
) -> None:
    (tmp_path / "a.csv").write_bytes(content)

    with pytest.raises(Unreadable, match=says):
        open_table(tmp_path / "a.csv")


def test_a_file_that_is_not_there_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"nothing\.csv cannot be opened: No such file"):
        open_table(tmp_path / "nothing.csv")


def test_a_first_line_may_name_the_delimiter(tmp_path: Path) -> None:
    assert read_text(tmp_path, "sep=;\nid;said, so\n1;a\n") == [Row(2, {"id": "1", "saidso": "a"})]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_line_end_and_delimiter_is_understood(
    tmp_path: Path, end: str, delimiter: str
) -> None:
    lines = (delimiter.join(cells) for cells in (("id", "said"), ("1", "a"), ("2", "b")))

    rows = read_text(tmp_path, end.join(lines))

    assert rows == [Row(2, {"id": "1", "said": "a"}), Row(3, {"id": "2", "said": "b"})]


def test_headers_are_compared_by_their_letters_and_digits() -> None:
    assert normalise("Consumer_disputed?") == normalise(" consumer disputed ")
    assert normalise("投诉编号") == "投诉编号"
