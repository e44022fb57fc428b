"""The lender's calendar of working days: shipped, changed, counted with; an unknown year warns and never stops."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carloan.core import calendars
from carloan.core.audit import open_detail
from carloan.core.calendars import working_days
from carloan.core.errors import Forbidden, Invalid
from carloan.core.models import AuditEvent, CalendarDay, CalendarYear
from carloan.core.services import calendar as services
from carloan.lib import calendar_cn
from carloan.lib.workdays import WorkdayTable
from tests.cast import Lender, lender_changes

database = pytest.mark.django_db(databases=["default", "keystore"])
TABLE = WorkdayTable.of(
    [(each.day, each.is_off) for year in calendar_cn.YEARS for each in calendar_cn.days_of(year)],
    years=calendar_cn.YEARS,
)
DAYS = st.dates(date(2024, 6, 1), date(2027, 6, 30))


class TestOfficialDays:
    @pytest.mark.parametrize(("year", "off", "worked"), [(2025, 28, 5), (2026, 33, 6)])
    def test_a_year_has_as_many_days_as_its_announcement(self, year: int, off: int, worked: int) -> None:
        days = calendar_cn.days_of(year)
        assert sum(each.is_off for each in days) == off
        assert sum(not each.is_off for each in days) == worked
        assert len({each.day for each in days}) == len(days)
        assert {each.day.year for each in days} == {year}

    @pytest.mark.parametrize("year", sorted(calendar_cn.YEARS))
    def test_make_up_days_give_back_the_borrowed_weekdays(self, year: int) -> None:
        """What is left are the law's 13 days, less those that fall on weekends."""
        days = calendar_cn.days_of(year)
        assert all(each.day.weekday() >= 5 for each in days if not each.is_off), "only weekends are worked for others"
        weekdays_off = sum(each.is_off and each.day.weekday() < 5 for each in days)
        worked = sum(not each.is_off for each in days)
        assert 11 <= weekdays_off - worked <= 13

    @pytest.mark.parametrize(
        ("day", "works"),
        [
            ("2025-01-26", True), ("2025-01-27", True), ("2025-01-28", False), ("2025-02-04", False),
            ("2025-02-08", True), ("2025-10-08", False), ("2025-10-11", True), ("2026-01-02", False),
            ("2026-01-04", True), ("2026-02-14", True), ("2026-02-23", False), ("2026-05-09", True),
            ("2026-06-19", False), ("2026-09-20", True), ("2026-09-25", False), ("2026-10-07", False),
            ("2026-10-08", True), ("2026-10-10", True), ("2026-10-11", False),
        ],
    )  # fmt: skip
    def test_known_days(self, day: str, works: bool) -> None:
        assert TABLE.is_workday(date.fromisoformat(day)) is works


class TestCounting:
    @given(DAYS)
    def test_the_next_working_day_is_the_first_one(self, day: date) -> None:
        found = TABLE.next_workday(day).day
        assert TABLE.is_workday(found)
        assert TABLE.between(day, found)[0] <= 1
        assert (found == day) is TABLE.is_workday(day)

    @given(DAYS, st.integers(1, 120))
    def test_adding_and_counting_agree_and_go_back(self, day: date, count: int) -> None:
        end = TABLE.add(day, count).day
        assert TABLE.is_workday(end)
        assert TABLE.between(day, end)[0] == count
        back = TABLE.add(end, -count).day
        assert TABLE.between(back, end)[0] == count

    @given(DAYS, st.integers(0, 60), st.integers(0, 60))
    def test_adding_in_two_steps_is_adding_at_once(self, day: date, one: int, two: int) -> None:
        assert TABLE.add(TABLE.add(day, one).day, two).day == TABLE.add(day, one + two).day

    @given(st.dates(date(2027, 1, 1), date(2060, 12, 31)), st.integers(1, 30))
    def test_a_year_nobody_announced_is_counted_by_weekdays_and_named(self, day: date, count: int) -> None:
        reckoned = TABLE.add(day, count)
        assert not reckoned.certain
        assert reckoned.day.weekday() < 5

    def test_one_day_of_a_year_does_not_make_the_year_known(self) -> None:
        table = WorkdayTable.of([(date(2027, 1, 1), True)], years=[2026])
        assert not table.is_workday(date(2027, 1, 1))
        assert table.next_workday(date(2027, 1, 1)).assumed_years == {2027}


@database
class TestTheLendersCalendar:
    def test_a_new_lender_has_the_official_years(self, bank: Lender) -> None:
        with bank.open():
            table = working_days()
            assert table.years == calendar_cn.YEARS
            assert not table.is_workday(date(2026, 2, 16))
            assert table.add(date(2026, 9, 30), 1).day == date(2026, 10, 8)
            assert not table.next_workday(date(2027, 3, 1)).certain

    def test_own_days_stand_beside_the_official_ones_and_are_told(self, bank: Lender) -> None:
        with bank.open():
            admin = bank.actor("admin")
            entry = services.calendar_day_set(actor=admin, day=date(2026, 3, 2), is_off=True, name="行庆")
            assert not working_days().is_workday(date(2026, 3, 2))
            again = services.calendar_day_set(actor=admin, day=date(2026, 3, 2), is_off=False, name="照常")
            assert again.id == entry.id
            services.calendar_year_import(actor=admin, year=2026)
            assert CalendarDay.objects.get(day=date(2026, 3, 2)).name == "照常"
            assert CalendarYear.objects.filter(year=2026).count() == 1
            services.calendar_day_remove(actor=admin, entry=again)
            assert working_days().is_workday(date(2026, 3, 2))
            told = set(AuditEvent.objects.filter(action__startswith="core.calendar.").values_list("action", flat=True))
        assert {"core.calendar.day_set", "core.calendar.day_removed", "core.calendar.year_imported"} <= told

    def test_a_year_entered_by_hand_counts_without_a_warning_once_it_is_called_complete(self, bank: Lender) -> None:
        with bank.open():
            admin = bank.actor("admin")
            services.calendar_day_set(actor=admin, day=date(2027, 1, 1), is_off=True, name="元旦")
            assert not working_days().next_workday(date(2027, 1, 1)).certain
            services.calendar_year_complete(actor=admin, year=2027, source="通知")
            assert working_days().next_workday(date(2027, 1, 1)).certain

    def test_what_makes_no_sense_is_refused(self, bank: Lender) -> None:
        with bank.open():
            admin = bank.actor("admin")
            for act in (
                lambda: services.calendar_year_import(actor=admin, year=2031),
                lambda: services.calendar_day_set(actor=admin, day=date(2026, 3, 2), is_off=True, name=" "),
                lambda: services.calendar_day_set(actor=admin, day=date(1999, 3, 2), is_off=True, name="x"),
                lambda: services.calendar_year_complete(actor=admin, year=9999, source="x"),
            ):
                with pytest.raises(Invalid):
                    act()
            with pytest.raises(Forbidden):
                services.calendar_year_import(actor=bank.actor("officer"), year=2026)

    def test_one_lenders_days_are_not_the_others(self, bank: Lender, other: Lender) -> None:
        with bank.open():
            services.calendar_day_set(actor=bank.actor("admin"), day=date(2026, 3, 3), is_off=True, name="行庆")
        with other.open():
            assert working_days().is_workday(date(2026, 3, 3))


@database
class TestSeveralCalendars:
    def test_each_has_its_own_days_and_years(self, bank: Lender) -> None:
        day = date(2026, 10, 1)
        with bank.open():
            admin = bank.actor("admin")
            entry = services.calendar_day_set(actor=admin, day=day, is_off=False, name="值班", calendar="CN-BJ")
            assert working_days(calendar="CN-BJ").is_workday(day)
            assert not working_days().is_workday(day)
            assert working_days(calendar="CN") == working_days()
            assert not working_days(calendar="CN-BJ").next_workday(day).certain
            services.calendar_year_complete(actor=admin, year=2026, source="x", calendar="CN-BJ")
            assert working_days(calendar="CN-BJ").next_workday(day).certain
            services.calendar_year_import(actor=admin, year=2026)
            assert CalendarDay.objects.get(id=entry.id).name == "值班"
            assert set(CalendarYear.objects.filter(year=2026).values_list("calendar", flat=True)) == {"CN", "CN-BJ"}
            services.calendar_day_remove(actor=admin, entry=entry)
            told = AuditEvent.objects.get(action="core.calendar.day_removed")
            assert open_detail(told)["before"]["calendar"] == "CN-BJ"
            assert not working_days().is_workday(day)

    @pytest.mark.parametrize("code", ["cn", "CHINA", "CN-", "CN bj", "CN-BEIJING-CHAOYANG-1"])
    def test_a_code_that_names_none_is_refused(self, bank: Lender, code: str) -> None:
        with bank.open():
            admin = bank.actor("admin")
            for act in (
                lambda: services.calendar_day_set(
                    actor=admin, day=date(2026, 3, 2), is_off=True, name="x", calendar=code
                ),
                lambda: services.calendar_year_complete(actor=admin, year=2026, source="x", calendar=code),
            ):
                with pytest.raises(Invalid) as refused:
                    act()
                assert list(refused.value.fields) == ["calendar"]

    def test_official_days_are_entered_into_the_countrys_own_only(self, bank: Lender) -> None:
        with bank.open(), pytest.raises(Invalid):
            services.calendar_year_import(actor=bank.actor("admin"), year=2026, calendar="CN-BJ")

    def test_a_table_takes_two_queries_and_one_to_know_the_country(
        self, bank: Lender, django_assert_num_queries: Any
    ) -> None:
        with bank.open():
            with django_assert_num_queries(3):
                working_days()
            with django_assert_num_queries(2):
                working_days(calendar="US")


@database
class TestALenderElsewhere:
    def test_counts_by_its_own_calendar_from_the_first_day_entered(self, bank: Lender, client_of: Any) -> None:
        lender_changes(bank, jurisdiction="US")
        labour_day = date(2026, 9, 7)
        with bank.open():
            assert calendars.own_calendar() == "US"
            services.calendar_install(actor=bank.system)
            assert not CalendarDay.objects.filter(calendar="US").exists()
            reckoned = working_days().next_workday(date(2026, 10, 1))
            assert (reckoned.day, reckoned.assumed_years) == (date(2026, 10, 1), frozenset({2026}))
        admin = client_of(bank, "admin")
        page = admin.get("/calendar/?year=2026").content.decode()
        assert "本版本不含 US 的法定节假日：请录入 2026 年的节假日" in page
        assert "国务院" not in page
        english = admin.get("/calendar/?year=2026", headers={"Accept-Language": "en"}).content.decode()
        assert "The public holidays of US do not come with this version: enter those of 2026" in english
        assert admin.post("/calendar/import/", {"year": "2026"}).status_code == 422
        assert admin.post("/calendar/", {"day": "2026-09-07", "is_off": "off", "name": "Labor Day"}).status_code == 302
        assert admin.post("/calendar/complete/", {"year": "2026", "source": "5 U.S.C. 6103"}).status_code == 302
        assert "法定节假日：" not in admin.get("/calendar/?year=2026").content.decode()
        with bank.open():
            reckoned = working_days().next_workday(labour_day)
            assert (reckoned.day, reckoned.certain) == (date(2026, 9, 8), True)
            assert working_days(calendar="CN").is_workday(labour_day)


@database
class TestTheScreen:
    def test_the_administrator_reads_adds_removes_and_imports(self, client_of: Any, bank: Lender) -> None:
        admin = client_of(bank, "admin")
        page = admin.get("/calendar/?year=2026").content.decode()
        assert "2026-02-17" in page
        assert "国务院办公厅关于2026年" in page
        answer = admin.post("/calendar/", {"day": "2026-03-02", "is_off": "off", "name": "行庆"})
        assert answer.status_code == 302
        assert "行庆" in admin.get(answer["Location"]).content.decode()
        with bank.open():
            entry = CalendarDay.objects.get(day=date(2026, 3, 2))
            assert entry.is_off
        assert admin.post(f"/calendar/{entry.id}/remove/").status_code == 302
        with bank.open():
            CalendarDay.objects.filter(day__year=2026).delete()
        assert admin.post("/calendar/import/", {"year": "2026"}).status_code == 302
        with bank.open():
            assert CalendarDay.objects.filter(day__year=2026).count() == 39

    def test_wrong_input_is_told_and_nonsense_is_this_year(self, client_of: Any, bank: Lender) -> None:
        admin = client_of(bank, "admin")
        assert admin.post("/calendar/", {"day": "2026-02-30", "is_off": "off", "name": "x"}).status_code == 422
        assert admin.post("/calendar/", {"day": "1900-02-03", "is_off": "off", "name": "x"}).status_code == 422
        assert admin.post("/calendar/import/", {"year": "2031"}).status_code == 422
        assert admin.post("/calendar/complete/", {"year": "2031"}).status_code == 422
        for year in ("x", "", "-1", "99999", "٢٠٢٦", "0000"):
            assert admin.get("/calendar/", {"year": year}).status_code == 200

    def test_an_unknown_year_warns_in_both_languages(self, client_of: Any, bank: Lender) -> None:
        admin = client_of(bank, "admin")
        assert "2031 年的节假日尚未录全" in admin.get("/calendar/?year=2031").content.decode()
        english = admin.get("/calendar/?year=2031", headers={"Accept-Language": "en"}).content.decode()
        assert "The days of 2031 are not complete" in english
        assert (
            "Spring Festival" in admin.get("/calendar/?year=2026", headers={"Accept-Language": "en"}).content.decode()
        )

    def test_readers_change_nothing(self, client_of: Any, bank: Lender) -> None:
        reader = client_of(bank, "compliance")
        assert reader.get("/calendar/").status_code == 200
        assert reader.post("/calendar/", {"day": "2026-03-02", "is_off": "off", "name": "x"}).status_code == 403
        assert reader.post("/calendar/import/", {"year": "2026"}).status_code == 403
        assert client_of(bank, "service").get("/calendar/").status_code == 403


@database
def test_own_days_that_official_ones_replace_stand_in_the_trail(bank: Lender) -> None:
    with bank.open():
        admin = bank.actor("admin")
        services.calendar_day_set(actor=admin, day=date(2026, 10, 1), is_off=False, name="盘点")
        services.calendar_day_set(actor=admin, day=date(2026, 3, 3), is_off=True, name="行庆")
        services.calendar_year_import(actor=admin, year=2026)
        event = AuditEvent.objects.filter(action="core.calendar.year_imported").latest("id")
        assert open_detail(event)["before"] == {"days": [["2026-10-01", False, "盘点"]]}
        assert CalendarDay.objects.get(day=date(2026, 3, 3)).name == "行庆"
