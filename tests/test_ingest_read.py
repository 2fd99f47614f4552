"""Files: landing, encodings, delimiters, quoting, headers, recognition. No database."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import socket
import stat

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from ingest_sample import REFERRAL, names, referrals, text_of, write

from ingest.errors import RefusedFile
from ingest.gather import gather
from ingest.land import land
from ingest.parts import open_parts
from ingest.read import open_text
from ingest.recognise import known_columns, match_header, recognise
from ingest.spec import load_specs

SPECS = load_specs()
KNOWN = known_columns(SPECS)
FEED = "ssd_cin_episodes"


def opened(path, tmp_path):
    """Land a file and open it."""
    return open_text(land(path, tmp_path / "landing"), KNOWN)


def rows_of(text):
    """All rows of an opened file with their numbers, those of a wrong width last."""
    chunks = list(text.chunks())
    good = [pair for chunk in chunks for pair in zip(chunk.row_nos, chunk.rows, strict=True)]
    return good + [pair for chunk in chunks for pair in chunk.wrong]


def refused(path, tmp_path):
    """Return the refusal of a file that cannot be read to its end."""
    with pytest.raises(RefusedFile) as raised:
        text = opened(path, tmp_path)
        match_header(text, recognise(text, SPECS), SPECS)
        rows_of(text)
    assert path.name in str(raised.value)
    return raised.value


def save(tmp_path, content, name=f"{FEED}.csv"):
    """Write bytes or text."""
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_landing_is_a_private_copy_under_its_hash(tmp_path):
    """What is read later is the copy, whatever happens to the file that came."""
    path = write(tmp_path, FEED, referrals(2))
    landed = land(path, tmp_path / "landing")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    path.write_text("overwritten")
    assert landed.sha256 == digest == hashlib.sha256(landed.path.read_bytes()).hexdigest()
    assert landed.path == tmp_path / "landing" / digest / path.name
    assert landed.path.stat().st_mode & 0o077 == 0
    assert landed.path.parent.stat().st_mode & 0o077 == 0


def test_links_pipes_and_folders_are_refused(tmp_path):
    """Only regular files are read: a link could point anywhere, a pipe could wait for ever."""
    target = write(tmp_path, FEED, referrals(1))
    link, pipe, folder = tmp_path / "link.csv", tmp_path / "pipe.csv", tmp_path / "folder.csv"
    link.symlink_to(target)
    os.mkfifo(pipe)
    folder.mkdir()
    for path in (link, pipe, folder, tmp_path / "absent.csv"):
        with pytest.raises(RefusedFile) as raised:
            land(path, tmp_path / "landing")
        assert raised.value.rule == "not_a_file"
    assert not (tmp_path / "landing").exists()


@pytest.mark.parametrize("kind", ["characters", "blocks", "socket"])
def test_devices_and_sockets_are_refused(tmp_path, kind):
    """They are no files, whatever opening them would do; only root can make a device to try it with."""
    path = tmp_path / f"{FEED}.csv"
    if kind == "socket":
        socket.socket(socket.AF_UNIX).bind(str(path))
    else:
        try:
            os.mknod(path, {"characters": stat.S_IFCHR, "blocks": stat.S_IFBLK}[kind] | 0o666, os.makedev(1, 3))
        except PermissionError:
            pytest.skip("only root can make a device")
    assert [job.path for job in gather([tmp_path])] == [path]
    with pytest.raises(RefusedFile) as raised:
        land(path, tmp_path / "landing")
    assert raised.value.rule == "not_a_file"


def test_a_file_that_is_still_being_written_is_refused(tmp_path, monkeypatch):
    """Size and time of change are compared before and after the copy."""
    path = write(tmp_path, FEED, referrals(1))
    read = os.read

    def read_while_written(handle, size):
        with path.open("a") as writer:
            writer.write("R99\n")
        monkeypatch.undo()
        return read(handle, size)

    monkeypatch.setattr(os, "read", read_while_written)
    with pytest.raises(RefusedFile) as raised:
        land(path, tmp_path / "landing")
    assert raised.value.rule == "unfinished"
    assert not list((tmp_path / "landing").iterdir())


@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
def test_a_last_row_without_its_end_is_noted(tmp_path, end):
    """A cut within the last field of a file without a manifest shows in nothing else."""
    lines = text_of(FEED, referrals(2, cine_referral_team="T-DAT1")).splitlines()
    text = opened(save(tmp_path, (end or "\n").join(lines) + end), tmp_path)
    assert any("no line end" in note for note in text.notes) is (not end)
    assert len(rows_of(text)) == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encodings(tmp_path, encoding):
    """UTF-8 with and without a mark, UTF-16 by its mark, and Windows-1252 are read alike."""
    rows = [REFERRAL | {"cine_referral_source_desc": "Zoë O’Brien’s school"}]
    text = opened(save(tmp_path, text_of(FEED, rows).encode(encoding)), tmp_path)
    assert text.header == tuple(names(FEED))
    assert text.encoding == {"utf-8": "utf-8-sig"}.get(encoding, encoding)
    assert rows_of(text)[0][1][names(FEED).index("cine_referral_source_desc")] == "Zoë O’Brien’s school"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(tmp_path, delimiter):
    """The delimiter is the one that yields the most known column names."""
    content = text_of(FEED, referrals(3)).replace(",", delimiter)
    text = opened(save(tmp_path, content), tmp_path)
    assert text.delimiter == delimiter
    assert [row_no for row_no, _ in rows_of(text)] == [2, 3, 4]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_an_export_with_every_field_in_quotes(tmp_path, delimiter, encoding):
    """By another delimiter such a header cannot be read at all: that is no fault of the file."""
    rows = [names(FEED), *csv.reader(text_of(FEED, referrals(3)).splitlines()[1:])]
    content = io.StringIO(newline="")
    csv.writer(content, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(rows)
    text = opened(save(tmp_path, content.getvalue().encode(encoding)), tmp_path)
    assert (text.delimiter, text.header) == (delimiter, tuple(rows[0]))
    assert [row for _, row in rows_of(text)] == rows[1:]


def test_row_numbers_are_those_of_a_spreadsheet(tmp_path):
    """A line break inside quotes starts no row; a blank line is a row of its own, and no data."""
    rows = referrals(3)
    rows[0]["cine_referral_source_desc"] = "two\nlines"
    lines = text_of(FEED, rows).split("\n")
    lines.insert(3, "")
    text = opened(save(tmp_path, "\n".join(lines)), tmp_path)
    assert [(row_no, row[0]) for row_no, row in rows_of(text)] == [(2, "R1"), (4, "R2"), (5, "R3")]


def test_rows_of_another_width_are_set_apart(tmp_path):
    """One field too many or too few is that row's fault alone."""
    lines = text_of(FEED, referrals(4)).splitlines()
    lines[2] += ",more"
    lines[3] = lines[3].rsplit(",", 1)[0]
    text = opened(save(tmp_path, "\n".join(lines) + "\n"), tmp_path)
    assert [row_no for row_no, _ in rows_of(text)] == [2, 5, 3, 4]


def test_no_file_without_content(tmp_path):
    """Nothing at all, and a blank header, are refused."""
    assert refused(save(tmp_path, b""), tmp_path).rule == "empty"
    assert refused(save(tmp_path, b"\n\n"), tmp_path).rule == "header"


def test_a_file_cut_inside_quotes_is_refused_with_its_place(tmp_path):
    """The row whose quote never closes is named, and the column in which it opens."""
    rows = referrals(20_000)
    rows[14_999]["cine_referral_source_desc"] = 'says "come"'
    content = text_of(FEED, rows)
    error = refused(save(tmp_path, content[: content.index('says ""come') + 6]), tmp_path)
    assert (error.rule, error.row, error.column) == ("cut_short", 15_001, "cine_referral_source_desc")


def test_a_file_cut_within_a_row_is_refused_with_its_place(tmp_path):
    """A last row that is too short and not ended is no row, but a cut."""
    content = text_of(FEED, referrals(5))
    error = refused(save(tmp_path, content[: content.rindex("2026-01-05") + 3]), tmp_path)
    assert (error.rule, error.row, error.column) == ("cut_short", 6, "cine_referral_date")


def test_a_missing_quote_is_refused_with_its_place(tmp_path):
    """A quote that closes in the middle of a field breaks every row after it."""
    rows = referrals(4)
    rows[1]["cine_referral_source_desc"] = "a,b"
    rows[3]["cine_referral_source_desc"] = "c,d"
    content = text_of(FEED, rows).replace('a,b"', "a,b", 1)
    error = refused(save(tmp_path, content), tmp_path)
    assert (error.rule, error.row) == ("quote", 3)


def test_a_nul_is_refused_with_its_place(tmp_path):
    """NUL is never text."""
    content = text_of(FEED, referrals(5)).replace("R3,00003", "R3,00\x0003")
    error = refused(save(tmp_path, content), tmp_path)
    assert (error.rule, error.row, error.column) == ("nul", 4, "cine_person_id")


def test_bytes_of_no_encoding_are_refused_with_their_place(tmp_path):
    """A byte that neither UTF-8 nor Windows-1252 has."""
    content = text_of(FEED, referrals(5)).encode().replace(b"R3,00003", b"R3,\x81\x9d3")
    error = refused(save(tmp_path, content), tmp_path)
    assert (error.rule, error.row) == ("encoding", 4)


def test_headers_are_matched_by_name(tmp_path):
    """Case, order, blanks and a mark do not matter; further columns are ignored and reported."""
    header = [f" {name.upper().replace('_', ' ')} " for name in reversed(names(FEED))]
    text = opened(save(tmp_path, "\ufeff" + ",".join([*header, "Local note", ""]) + "\n"), tmp_path)
    header = match_header(text, SPECS[FEED], SPECS)
    assert header.positions == tuple(reversed(range(len(names(FEED)))))
    assert header.extra == ("Local note",)


def test_a_missing_column_is_named_with_the_nearest_present(tmp_path):
    """A renamed column is not guessed, but pointed at."""
    header = ["cine_referal_dt" if name == "cine_referral_date" else name for name in names(FEED)]
    error = refused(save(tmp_path, ",".join(header) + "\n"), tmp_path)
    assert (error.rule, error.row, error.column) == ("missing_column", 1, "cine_referral_date")
    assert "nearest column present: cine_referal_dt" in str(error)


def test_what_is_like_no_name_is_not_told_as_the_nearest_column(tmp_path):
    """A damaged workbook may have a value in a header's place."""
    header = ["Made-up Person" if name == "cine_referral_date" else name for name in names(FEED)]
    error = refused(save(tmp_path, ",".join(header) + "\n"), tmp_path)
    assert (error.rule, error.column) == ("missing_column", "cine_referral_date")
    assert "Person" not in str(error) and "nearest" not in str(error)


def test_a_file_of_another_feed_that_lacks_a_column_is_refused_by_its_header(tmp_path):
    """The name says referrals, the header says section 47 enquiries, but not all of them."""
    error = refused(save(tmp_path, text_of("ssd_s47_enquiry", [], header=names("ssd_s47_enquiry")[1:])), tmp_path)
    assert (error.rule, error.column) == ("other_feed", "cine_referral_id")
    assert "ssd_s47_enquiry" in str(error)


def test_a_column_name_that_stands_twice_is_refused(tmp_path):
    """Which of the two would count?"""
    error = refused(save(tmp_path, ",".join([*names(FEED), "Cine_Close_Date"]) + "\n"), tmp_path)
    assert (error.rule, error.row, error.column) == ("duplicate_header", 1, "cine_close_date")


def test_a_file_of_any_name_is_recognised_by_its_header(tmp_path):
    """The feed with the most columns of those that are all there."""
    text = opened(save(tmp_path, text_of(FEED, []), "Report 7 (final).csv"), tmp_path)
    assert recognise(text, SPECS).feed == FEED


def test_an_unknown_file_is_refused_with_the_nearest_feed(tmp_path):
    """Which feed it is nearest to, and what it would need."""
    header = ",".join(name for name in names(FEED) if name != "cine_close_date")
    error = refused(save(tmp_path, header + "\n", "unknown.csv"), tmp_path)
    assert (error.rule, error.column) == ("unrecognised", "cine_close_date")
    assert f"nearest is {FEED}" in str(error)


def test_the_nearest_feed_is_the_one_with_fewest_other_columns(tmp_path):
    """Three columns of a larger feed are nearer to it than two of them are to a small one."""
    text = str(refused(save(tmp_path, "Meeting ID,Audit ID,Held On\n", "unknown.csv"), tmp_path))
    assert "nearest is meeting_4r" in text
    text = str(refused(save(tmp_path, "cine_referral_id,cine_close_date\n", "unknown.csv"), tmp_path))
    assert f"nearest is {FEED}" in text
    assert "column cine_person_id is missing (and cine_referral_date" in text
    assert "is its first row the header?" in str(refused(save(tmp_path, "1,2,3\n", "unknown.csv"), tmp_path))


def test_a_first_row_of_data_is_never_shown(tmp_path):
    """A file without a header has people in its first row."""
    for name in (f"{FEED}.csv", "other.csv"):
        error = refused(save(tmp_path, "R1,Quillfeather,Quillfeather\nR2,b,c\n", name), tmp_path)
        assert "quillfeather" not in str(error).casefold()
        assert error.rule in ("missing_column", "unrecognised")


def test_a_header_cannot_forge_a_log_line(tmp_path):
    """Control characters are escaped in messages, and long names cut."""
    header = [*names(FEED), '"evil\x1b[31m\nINFO all is well"', "x" * 500]
    text = opened(save(tmp_path, ",".join(header) + "\n"), tmp_path)
    extra = match_header(text, SPECS[FEED], SPECS).extra
    assert extra[0] == "evil\\x1b[31m…"
    assert len(extra[1]) == 80


def without_header(tmp_path, ending):
    """A file of two rows of values whose header was lost, and what of its rows no message may show."""
    rows = [["R1", "Jane Doe", "N1"], ["R2", "Joan Roe", "N2"]]
    path = tmp_path / f"{FEED}.{ending}"
    if ending == "csv":
        path.write_text("".join(f"{','.join(row)}\n" for row in rows))
    elif ending == "xlsx":
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet(FEED)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    else:
        pq.write_table(pa.table({cell: [rows[1][at]] for at, cell in enumerate(rows[0])}), path)
    return path


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
def test_where_a_file_ends_is_told_without_a_value_where_its_header_was_lost(tmp_path, ending):
    """A file that is not the promised one is refused before anybody knows whether its first row is a header."""
    (part,) = open_parts(land(without_header(tmp_path, ending), tmp_path / "landing"), SPECS)
    assert part.end() == (2, "C (its name is not shown)")


def test_a_nul_below_a_lost_header_shows_no_value(tmp_path):
    """The first row's cells are values there."""
    path = without_header(tmp_path, "csv")
    path.write_bytes(path.read_bytes().replace(b"Joan", b"Jo\0n"))
    error = refused(path, tmp_path)
    assert (error.rule, error.row, error.column) == ("nul", 2, "B (its name is not shown)")


def test_a_nul_is_placed_by_the_delimiter_of_the_file(tmp_path):
    """Of a file with bars between its fields one column is named, not the whole header."""
    content = text_of(FEED, referrals(5)).replace(",", "|").replace("R3|00003", "R3|00\x0003")
    error = refused(save(tmp_path, content), tmp_path)
    assert (error.row, error.column) == (4, "cine_person_id")


def test_a_quote_below_a_further_column_does_not_show_its_name(tmp_path):
    """A value may stand in the header of a column that no feed has."""
    header, first, *rest = text_of(FEED, referrals(2)).splitlines()
    content = "\n".join([f"{header},Jane Doe", f'{first},"a"b', *(f"{row}," for row in rest), ""])
    error = refused(save(tmp_path, content), tmp_path)
    assert (error.rule, error.row) == ("quote", 2)
    assert error.column.endswith("(its name is not shown)")
