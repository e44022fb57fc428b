"""Pages of the kernel. Those behind a door are reached below /t/<slug>/, the others with and without it."""

from django.urls import path

from . import api_keys, branches, calendar, encryption, entry, home, jobs, people, profile, roles, search

app_name = "core"
urlpatterns = [
    path("", entry.entry, name="entry"),
    path("lenders/", entry.chooser, name="chooser"),
    path("language/", entry.language, name="language"),
    path("profile/", profile.profile, name="profile"),
    path("profile/sessions/<int:session_id>/end/", profile.session_end, name="session-end"),
    path("home/", home.home, name="home"),
    path("search/", search.search_page, name="search"),
    path("jobs/<uuid:job_id>/", jobs.job, name="job"),
    path("people/", people.people, name="people"),
    path("people/new/", people.person_new, name="person-new"),
    path("people/<uuid:membership_id>/", people.person, name="person"),
    path("people/<uuid:membership_id>/change/", people.person_change, name="person-change"),
    path("people/<uuid:membership_id>/assign/", people.person_assign, name="person-assign"),
    path("people/<uuid:membership_id>/withdraw/<uuid:assignment_id>/", people.person_withdraw, name="person-withdraw"),
    path("people/<uuid:membership_id>/deactivate/", people.person_deactivate, name="person-deactivate"),
    path("people/<uuid:membership_id>/reactivate/", people.person_reactivate, name="person-reactivate"),
    path("people/<uuid:membership_id>/password/", people.person_password, name="person-password"),
    path("people/<uuid:membership_id>/factors/", people.person_factors, name="person-factors"),
    path("roles/", roles.roles, name="roles"),
    path("roles/new/", roles.role_new, name="role-new"),
    path("api-keys/", api_keys.api_keys, name="api-keys"),
    path("api-keys/<uuid:key_id>/revoke/", api_keys.api_key_revoked, name="api-key-revoke"),
    path("encryption/", encryption.encryption, name="encryption"),
    path("branches/", branches.branches, name="branches"),
    path("branches/<uuid:branch_id>/", branches.branch, name="branch"),
    path("branches/<uuid:branch_id>/close/", branches.branch_close, name="branch-close"),
    path("branches/<uuid:branch_id>/reopen/", branches.branch_reopen, name="branch-reopen"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/import/", calendar.calendar_import, name="calendar-import"),
    path("calendar/complete/", calendar.calendar_complete, name="calendar-complete"),
    path("calendar/<uuid:day_id>/remove/", calendar.calendar_day_removed, name="calendar-day-remove"),
]
