"""Files become loans: every row told, nothing twice, nothing lost, the sums exact."""

import io
from pathlib import Path
from typing import Any

import pytest

from carloan.core import lookup
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Forbidden, Invalid, NotFound
from carloan.core.models import AuditEvent, Job
from carloan.core.sealed import clear
from carloan.loans.imports import booking
from carloan.loans.models import (
    ContactPoint,
    ImportBatch,
    ImportRow,
    Loan,
    LoanParty,
    OpeningPosition,
    Party,
    Payment,
    Vehicle,
)
from carloan.loans.selectors.imports import error_table, get_batch_for, shape_of
from carloan.loans.services import import_steps, imports
from tests.cast import Lender
from tests.loans.book import HEADER, core_file, core_row, csv_bytes, id_number, name, vin_number, xlsx_bytes

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def upload(actor: Actor, data: bytes, file_name: str = "台账.csv", **options: Any) -> ImportBatch:
    return imports.import_upload(actor=actor, file=io.BytesIO(data), name=file_name, **options)


def check(actor: Actor, batch: ImportBatch) -> ImportBatch:
    import_steps.import_work(job_id=imports.import_check_start(actor=actor, batch=batch).id)
    batch.refresh_from_db()
    return batch


def run(actor: Actor, batch: ImportBatch) -> ImportBatch:
    import_steps.import_work(job_id=imports.import_run_start(actor=actor, batch=batch).id)
    batch.refresh_from_db()
    return batch


def brought(actor: Actor, data: bytes, **options: Any) -> ImportBatch:
    return run(actor, upload(actor, data, **options))


def faults(batch: ImportBatch) -> dict[int, list[tuple[str, str]]]:
    rows = ImportRow.objects.filter(batch=batch, outcome="rejected").order_by("number")
    return {row.number: [(fault["column"], fault["code"]) for fault in row.errors] for row in rows}


def counts(batch: ImportBatch) -> tuple[int, int, int, int]:
    return batch.created, batch.updated, batch.unchanged, batch.rejected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_it_reads_any_common_encoding(bank: Lender, encoding: str) -> None:
    with bank.open():
        batch = brought(bank.actor("admin"), core_file(3, encoding=encoding))
        assert counts(batch) == (3, 0, 0, 0), faults(batch)
        party = LoanParty.objects.get(loan__contract_no="CAR202400000001", role="borrower").party
        assert clear(party, "name") == name(1)


def test_a_core_export_becomes_loans_people_and_cars(bank: Lender) -> None:
    with bank.open():
        batch = brought(bank.actor("admin"), core_file(5))
        loan = Loan.objects.get(contract_no="CAR202400000005")
        assert (loan.principal, loan.rate_ppm, loan.term, loan.method) == (80_005_50, 58_800, 36, "equal_instalment")
        assert (loan.outstanding, loan.days_overdue, loan.periods_paid, loan.state) == (50_005_25, 50, 12, "servicing")
        assert loan.branch == bank.branches["east"]
        party = LoanParty.objects.get(loan=loan).party
        assert (clear(party, "id_number"), party.id_kind) == (id_number(5), "resident")
        assert clear(Vehicle.objects.get(loan=loan), "vin") == vin_number(5)
        assert OpeningPosition.objects.get(loan=loan).outstanding == 50_005_25
        assert {match.object_kind for match in lookup.find(vin_number(5))} == {"vehicle"}
        assert {match.object_id for match in lookup.find(id_number(5)[-6:])} >= {party.id}
        assert batch.report["differences"] == []
        assert batch.report["book"]["loans"] == 5


def test_the_same_file_again_changes_nothing(bank: Lender) -> None:
    with bank.open():
        actor, data = bank.actor("admin"), core_file(7)
        brought(actor, data)
        models = (Loan, Party, ContactPoint, LoanParty, Vehicle, OpeningPosition, Payment)
        before = [list(model.objects.order_by("id").values_list()) for model in models]
        assert counts(brought(actor, data)) == (0, 0, 7, 0)
        assert counts(
            brought(actor, csv_bytes([HEADER, *(core_row(n) for n in range(7, 0, -1))], encoding="gb18030"))
        ) == (0, 0, 7, 0)
        assert [list(model.objects.order_by("id").values_list()) for model in models] == before


def test_a_newer_statement_renews_balances_and_keeps_the_old_ones(bank: Lender) -> None:
    with bank.open():
        actor = bank.actor("admin")
        brought(actor, core_file(2))
        newer = csv_bytes([HEADER, core_row(1, 当前余额="40000", 已还期数="13", 手机号="13912345678"), core_row(2)])
        assert counts(brought(actor, newer)) == (0, 1, 1, 0)
        loan = Loan.objects.get(contract_no="CAR202400000001")
        assert (loan.outstanding, loan.periods_paid, loan.revision) == (40_000_00, 13, 2)
        positions = OpeningPosition.objects.filter(loan=loan).order_by("id").values_list("outstanding", flat=True)
        assert list(positions) == [50_001_25, 40_000_00]
        party = LoanParty.objects.get(loan=loan).party
        assert {clear(contact, "value") for contact in ContactPoint.objects.filter(party=party)} == {
            "13800000001",
            "13912345678",
        }
        assert Party.objects.filter(id=party.id).count() == 1


def test_one_person_in_several_loans_is_one_party(bank: Lender) -> None:
    with bank.open():
        same = {"借款人姓名": name(1), "证件号码": id_number(1)}
        batch = brought(bank.actor("admin"), csv_bytes([HEADER, core_row(1), core_row(2, **same), core_row(3, **same)]))
        assert counts(batch) == (3, 0, 0, 0)
        assert len({row.party_id for row in LoanParty.objects.filter(loan__contract_no__startswith="CAR2024")}) == 1


def test_every_fault_of_every_row_is_told_by_row_and_column(bank: Lender) -> None:
    rows = [
        HEADER,
        core_row(1, 放款日期="2024-02-30"),
        core_row(2, 贷款金额="12,34", 期数="三十六"),
        core_row(3, 证件号码="440308199901101513"),
        core_row(4, 车架号="LSVAA49J1E0000004"),
        core_row(5, 年利率="0.0588"),
        core_row(6, 还款方式="随便还"),
        core_row(7, 机构="999"),
        core_row(8, 合同编号=""),
        core_row(9, 贷款金额="0", 逾期天数="-3"),
        core_row(10, 放款日期="2099-01-01"),
        core_row(11, 借款人姓名=""),
        core_row(12, 手机号="12345"),
        core_row(13, 合同编号="9.00E+17"),
        core_row(14, 当前余额="=SUM(A1:A2)"),
        core_row(15)[:-2],
        [*core_row(16), "多出来的"],
        core_row(17),
        core_row(17, 贷款金额="1"),
        core_row(18, 合同编号="x" * 65),
    ]
    with bank.open():
        actor = bank.actor("admin")
        batch = upload(actor, csv_bytes(rows))
        assert counts(check(actor, batch)) == (1, 0, 0, 18)
        found = faults(batch)
        assert found == {
            2: [("放款日期", "date")],
            3: [("贷款金额", "amount"), ("期数", "number")],
            4: [("证件号码", "id_check")],
            5: [("车架号", "vin_check")],
            6: [("年利率", "rate_unit")],
            7: [("还款方式", "unknown_value")],
            8: [("机构", "branch_unknown")],
            9: [("合同编号", "missing")],
            10: [("贷款金额", "zero_amount"), ("逾期天数", "too_many")],
            11: [("放款日期", "future")],
            12: [("借款人姓名", "missing")],
            13: [("手机号", "phone")],
            14: [("合同编号", "number_lost")],
            15: [("当前余额", "formula")],
            16: [("", "cells_missing")],
            17: [("", "cells_extra")],
            19: [("合同编号", "duplicate")],
            20: [("合同编号", "too_long")],
        }
        assert Loan.objects.filter(contract_no__startswith="CAR2024").count() == 0
        assert counts(run(actor, batch)) == (1, 0, 0, 18)
        assert Loan.objects.get(contract_no__startswith="CAR2024").contract_no == "CAR202400000017"
        table = list(error_table(actor, batch))
        assert table[0] == ["行号", "问题", "疑点", *HEADER]
        assert [row[0] for row in table[1:]] == [str(number) for number in found]
        assert table[1][3:] == rows[1]


def test_a_file_may_not_decide_who_owes_or_which_car_it_is(bank: Lender) -> None:
    with bank.open():
        actor = bank.actor("admin")
        brought(actor, core_file(4))
        batch = brought(
            actor,
            csv_bytes(
                [
                    HEADER,
                    core_row(1, 证件号码=id_number(99), 借款人姓名=name(99)),
                    core_row(2, 借款人姓名="赵钱孙"),
                    core_row(3, 车架号=vin_number(99)),
                    core_row(4, 当前余额="1"),
                ]
            ),
        )
        assert faults(batch) == {
            2: [("证件号码", "other_borrower")],
            3: [("借款人姓名", "name_differs")],
            4: [("车架号", "other_vehicle")],
        }
        assert counts(batch) == (0, 1, 0, 3)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"   \n\n",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40,
        b"PK\x03\x04 not really",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        bytes(5_000),
        "仅一列\n值\n".encode(),
        b"%PDF-1.7\n" + bytes(range(128, 256)) * 30,
    ],
)
def test_files_that_are_no_table_of_loans_are_refused_in_words(bank: Lender, data: bytes) -> None:
    with bank.open():
        actor = bank.actor("admin")
        with pytest.raises(Invalid) as refused:
            imports.import_check_start(actor=actor, batch=upload(actor, data))
        assert all(str(message) for messages in refused.value.fields.values() for message in messages)


def test_broken_bytes_are_reported_by_row_and_column(bank: Lender) -> None:
    good = core_file(3, encoding="utf-8")
    lines = good.split(b"\r\n")
    lines[2] = lines[2].replace(name(2).encode(), b"\xff\xfe\xff")
    with bank.open():
        batch = brought(bank.actor("admin"), b"\r\n".join(lines))
        assert faults(batch) == {3: [("借款人姓名", "cell_broken")]}
        assert counts(batch) == (2, 0, 0, 1)


def test_an_unclosed_quote_loses_no_row_silently(bank: Lender) -> None:
    lines = core_file(3, encoding="utf-8").split(b"\r\n")
    lines[2] = lines[2].replace(b"CAR", b'"CAR', 1)
    with bank.open():
        batch = brought(bank.actor("admin"), b"\r\n".join(lines))
        assert faults(batch) == {3: [("", "many_cells")]}
        assert counts(batch) == (2, 0, 0, 1)


def test_two_hundred_columns_titles_empty_rows_and_double_names_do_no_harm(bank: Lender) -> None:
    extra = [f"备注{number}" for number in range(200)]
    rows = [
        ["贷款台账"],
        ["制表日期", "2026-11-01"],
        [],
        [*HEADER, *extra, "合同编号"],
        [*core_row(1), *extra, "x"],
        [],
        [""] * 30,
        [*core_row(2), *extra, ""],
    ]
    with bank.open():
        batch = brought(bank.actor("admin"), csv_bytes(rows))
        assert counts(batch) == (2, 0, 0, 0), faults(batch)
        assert len(batch.shape["header"]) == 216
        assert batch.shape["header"][-1] == "合同编号.1"


def test_a_spreadsheet_reads_like_the_same_csv(bank: Lender) -> None:
    from datetime import datetime

    head = [["贷款台账"], []]
    rows = [core_row(number) for number in (1, 2, 3)]
    typed: list[list[Any]] = [list(row) for row in rows]
    typed[0][HEADER.index("贷款金额")] = 80_001.5
    typed[0][HEADER.index("放款日期")] = datetime(2024, 3, 15)  # noqa: DTZ001  a spreadsheet knows no zone
    typed[0][HEADER.index("期数")] = 36
    typed[1][HEADER.index("合同编号")] = 440308199901101500
    typed[2][HEADER.index("当前余额")] = "=1+1"
    with bank.open():
        actor = bank.actor("admin")
        brought(actor, csv_bytes([HEADER, rows[0]]))
        batch = brought(actor, xlsx_bytes([*head, HEADER, *typed]))
        assert faults(batch) == {5: [("合同编号", "number_lost")], 6: [("当前余额", "formula")]}
        assert counts(batch) == (0, 0, 1, 2)


def test_rows_of_a_sheet_that_end_empty_are_whole(bank: Lender) -> None:
    """Spreadsheets keep no cells where nothing was typed; a CSV row that short was cut off."""
    optional = HEADER.index("车牌号")
    header, row = [*HEADER, HEADER[optional]], [*core_row(1), ""]
    del header[optional], row[optional]
    with bank.open():
        actor = bank.actor("admin")
        assert counts(brought(actor, xlsx_bytes([header, [*row[:-1], None]]))) == (1, 0, 0, 0)
        cut = brought(actor, csv_bytes([header, row[:-1]]))
        assert [code for _column, code in faults(cut)[2]] == ["cells_missing"]


def test_a_file_without_a_good_row_offers_no_booking(bank: Lender, client_of: Any) -> None:
    broken = core_row(1)
    broken[HEADER.index("贷款金额")] = "abc"
    with bank.open():
        admin = bank.actor("admin")
        one, none = (check(admin, upload(admin, csv_bytes([HEADER, row]))) for row in (core_row(2), broken))
    client = client_of(bank, "admin")
    assert f"/loans/imports/{one.id}/run/" in client.get(f"/loans/imports/{one.id}/").content.decode()
    assert f"/loans/imports/{none.id}/run/" not in client.get(f"/loans/imports/{none.id}/").content.decode()


def test_a_damaged_spreadsheet_is_refused(bank: Lender) -> None:
    data = xlsx_bytes([HEADER, core_row(1)])
    with bank.open():
        for cut in (100, len(data) // 2, len(data) - 30):
            with pytest.raises(Invalid):
                upload(bank.actor("admin"), data[:cut], "表.xlsx")


def test_the_real_tape_imports_whole_and_reconciles(bank: Lender, shared_data: Path) -> None:
    data = (shared_data / "loans" / "auto_loans_us_abs.csv").read_bytes()
    with bank.open():
        actor = bank.actor("admin")
        batch = upload(actor, data)
        assert batch.profile_key == "sec-abs-ee"
        assert counts(run(actor, batch)) == (7572, 0, 0, 0)
        # The doubts that thousands of sound rows would raise help nobody to find the one that matters.
        assert max((kind["rows"] for kind in batch.report["told"]["warnings"]), default=0) < 100
        book = batch.report["book"]
        assert batch.report["differences"] == []
        assert book["loans"] == 7572
        assert book["sums"] == {"principal": 20_881_203_492, "outstanding": 18_450_636_768, "overdue": None}
        # The tape has days overdue and no amounts: that nobody knows them is what both sides say.
        assert book["unknown"] == batch.report["file"]["unknown"] == {
            "outstanding": 0, "overdue": 7572, "days_overdue": 0
        }  # fmt: skip
        assert book["paid"] == {
            "amount": 377_431_484,
            "interest": 163_030_380,
            "principal": 212_997_826,
            "penalty": 0,
            "other": 1_403_278,
            "unallocated": 0,
        }
        assert book["buckets"] == {"0": 6679, "1-29": 847, "30-59": 42, "60-89": 3, "90+": 1}
        assert Payment.objects.count() == 7572 - 684
        assert not LoanParty.objects.filter(loan__currency="USD").exists()
        assert counts(run(actor, upload(actor, data))) == (0, 0, 7572, 0)


def test_a_run_goes_on_where_a_killed_one_stopped(bank: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_steps, "CHUNK", 10)
    with bank.open():
        actor = bank.actor("admin")
        batch = upload(actor, csv_bytes([HEADER, *(core_row(n) for n in range(1, 36)), core_row(3, 当前余额="7")]))
        job = imports.import_run_start(actor=actor, batch=batch)
        booked: list[int] = []

        def dies(batch: ImportBatch, outcomes: Any, actor: Actor) -> Any:
            if len(booked) == 2:
                raise KeyboardInterrupt
            booked.append(len(outcomes))
            return real(batch, outcomes, actor)

        real = booking.book
        monkeypatch.setattr(import_steps, "book", dies)
        with pytest.raises(KeyboardInterrupt):
            import_steps.import_work(job_id=job.id)
        assert Loan.objects.filter(contract_no__startswith="CAR2024").count() == 20
        monkeypatch.setattr(import_steps, "book", real)
        Job.objects.filter(id=job.id).update(lease_until=job.created_at)
        import_steps.import_work(job_id=job.id)
        batch.refresh_from_db()
        assert counts(batch) == (35, 0, 0, 1)
        assert faults(batch) == {37: [("合同编号", "duplicate")]}
        assert batch.report["differences"] == []
        assert list(ImportRow.objects.filter(batch=batch).order_by("number").values_list("number", flat=True)) == list(
            range(2, 38)
        )


def test_a_row_that_the_database_refuses_is_told_and_the_rest_is_booked(bank: Lender) -> None:
    with bank.open():
        actor = bank.actor("admin")
        batch = brought(
            actor, csv_bytes([HEADER, core_row(1), core_row(2, 贷款金额="900000000000000000.00"), core_row(3)])
        )
        assert faults(batch) in ({3: [("贷款金额", "amount")]}, {3: [("", "writing")]})
        assert batch.created == 2


def test_long_runs_are_handed_from_task_to_task(bank: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_steps, "CHUNK", 2)
    monkeypatch.setattr(import_steps, "STEP_SECONDS", -1.0)
    with bank.open():
        actor = bank.actor("admin")
        batch = upload(actor, core_file(15))
        job = imports.import_run_start(actor=actor, batch=batch)
        for _step in range(9):
            import_steps.import_work(job_id=job.id)
        job.refresh_from_db()
        batch.refresh_from_db()
        assert (job.state, job.done) == ("done", 15)
        assert counts(batch) == (15, 0, 0, 0)


def test_a_chunk_leaves_one_audit_event_with_count_and_digest(bank: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    import json

    monkeypatch.setattr(import_steps, "CHUNK", 4)
    with bank.open():
        batch = brought(bank.actor("admin"), core_file(6))
        events = AuditEvent.objects.filter(object_id=batch.id, action="loans.loan.imported").order_by("id")
        canon = [json.loads(bytes(event.canon)) for event in events]
        assert [event["count"] for event in canon] == [4, 2]
        assert len({event["digest"] for event in canon}) == 2
        assert Loan.objects.filter(audit_event_id__in=[event.id for event in events]).count() == 6


def test_it_imports_only_into_the_importers_branches(bank: Lender) -> None:
    from dataclasses import replace

    from carloan.core.actors import Right

    with bank.open():
        actor = bank.actor("officer")
        west = frozenset({bank.branches["west"].id})
        narrow = replace(actor, rights={**actor.rights, "loans.import": Right(branches=west)})
        from carloan.loans.imports.judging import judge, places_for
        from carloan.loans.imports.mapping import Reader
        from carloan.loans.imports.reading import rows

        batch = upload(narrow, csv_bytes([HEADER, core_row(1), core_row(2, 机构="城西支行")]))
        shape = shape_of(batch)
        reader = Reader(batch.spec, shape.header, today=batch.created_at.date())
        records = [
            reader.read(row)
            for row in rows(io.BytesIO(csv_bytes([HEADER, core_row(1), core_row(2, 机构="城西支行")])), shape)
        ]
        outcomes = judge(records, places_for(narrow, None), {}, reader.column)
        assert [(one.outcome, [fault.code for fault in one.record.faults]) for one in outcomes] == [
            ("rejected", ["branch_foreign"]),
            ("created", []),
        ]


def test_only_importers_import_and_only_see_their_own(bank: Lender, other: Lender) -> None:
    with bank.open():
        batch = upload(bank.actor("admin"), core_file(1))
        with pytest.raises(Forbidden):
            upload(bank.actor("service"), core_file(1))
        assert get_batch_for(bank.actor("officer"), batch.id) == batch
    with other.open(), pytest.raises(NotFound):
        get_batch_for(other.actor("admin"), batch.id)


def test_a_running_import_is_not_started_twice(bank: Lender) -> None:
    with bank.open():
        actor = bank.actor("admin")
        batch = upload(actor, core_file(1))
        imports.import_run_start(actor=actor, batch=batch)
        with pytest.raises(Conflict):
            imports.import_run_start(actor=actor, batch=batch)


def test_a_mapping_is_corrected_by_hand_and_kept(bank: Lender) -> None:
    strange = [{"合同编号": "Vertrag", "贷款金额": "Summe"}.get(column, column) for column in HEADER]
    with bank.open():
        actor = bank.actor("admin")
        batch = upload(actor, csv_bytes([strange, core_row(1)]))
        with pytest.raises(Invalid) as refused:
            imports.import_check_start(actor=actor, batch=batch)
        assert set(refused.value.fields) == {"contract_no", "principal"}
        spec = {
            **batch.spec,
            "columns": {
                **batch.spec["columns"],
                "contract_no": {"column": "Vertrag"},
                "principal": {"column": "Summe"},
            },
        }
        imports.import_map(actor=actor, batch=batch, spec=spec)
        imports.import_profile_keep(actor=actor, batch=batch, name="老系统")
        assert counts(run(actor, batch)) == (1, 0, 0, 0)
        again = upload(actor, csv_bytes([strange, core_row(2)]))
        assert again.profile_key == "own-老系统"
        assert counts(run(actor, again)) == (1, 0, 0, 0)


def test_no_personal_value_is_stored_outside_the_sealed_columns(bank: Lender) -> None:
    with bank.open():
        batch = upload(
            bank.actor("admin"), csv_bytes([HEADER, core_row(1), core_row(2, 证件号码="440308199901101513")])
        )
        check(bank.actor("admin"), batch)
        stored = repr(list(ImportRow.objects.filter(batch=batch).values())) + repr(
            ImportBatch.objects.filter(id=batch.id).values()[0]
        )
        for secret in (name(1), id_number(1), "440308199901101513", vin_number(1), "13800000001"):
            assert secret not in stored
