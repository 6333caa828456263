"""URLs of the office: signing in, staff, teams, requests, the data access log, the own account."""

from __future__ import annotations

from django.urls import path

from crm.office.views import access_log, account, requests, sign_in, staff, teams
from crm.staff.middleware import before_new_password

urlpatterns = [
    path("sign-in/", sign_in.SignIn.as_view(), name="sign-in"),
    path("sign-out/", before_new_password(sign_in.SignOut.as_view()), name="sign-out"),
    path("password/", before_new_password(sign_in.ChangePassword.as_view()), name="password-change"),
    path("set-password/<uidb64>/<token>/", sign_in.SetPassword.as_view(), name="set-password"),
    path("staff/", staff.staff_page, name="staff"),
    path("staff/add/", staff.add_page, name="staff-add"),
    path("staff/<id:staff_id>/", staff.person_page, name="staff-person"),
    path("staff/<id:staff_id>/change/", staff.change, name="staff-change"),
    path("teams/", teams.teams_page, name="teams"),
    path("teams/<id:team_id>/", teams.team_page, name="team"),
    path("requests/", requests.requests_page, name="requests"),
    path("requests/<id:request_id>/decide/", requests.decide, name="request-decide"),
    path("reveals/", access_log.reveals_page, name="reveals"),
    path("reveals/export/", access_log.export, name="reveals-export"),
    path("account/", account.account_page, name="account"),
    path("account/sessions/", account.end_sessions, name="account-sessions"),
    path("account/reveals/", access_log.my_reveals_page, name="my-reveals"),
]
