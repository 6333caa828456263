"""Addresses of the account pages."""

from __future__ import annotations

from django.urls import path

from crm.staff import views

urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("sign-out/", views.SignOut.as_view(), name="sign-out"),
    path("password/", views.ChangePassword.as_view(), name="password-change"),
    path("set-password/<uidb64>/<token>/", views.SetPassword.as_view(), name="set-password"),
]
