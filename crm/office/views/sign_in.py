"""Sign in and out, change the password, the door that closes."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView, PasswordResetConfirmView
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _

from crm.runtime import clock
from crm.staff.accounts.change import record_password_set
from crm.staff.accounts.links import one_time_links
from crm.staff.middleware import remember_browser


class SignIn(LoginView):
    """GET shows the form, POST signs in and goes to `next` or home; axes shuts out after ten failures."""

    template_name = "office/sign_in/sign_in.html"
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        remember_browser(self.request)
        return response


class SignOut(LogoutView):
    """POST only."""


class ChangePasswordForm(PasswordChangeForm):
    """Asks for the old password as the sign-in does: wrong ones count, and too many shut the door."""

    def __init__(self, *args: Any, request: HttpRequest, **options: Any) -> None:
        super().__init__(*args, **options)
        self.request = request

    def clean_old_password(self) -> str:
        old: str = self.cleaned_data["old_password"]
        if authenticate(self.request, username=self.user.get_username(), password=old) is None:
            raise ValidationError(self.error_messages["password_incorrect"], "password_incorrect")
        return old


class ChangePassword(PasswordChangeView):
    template_name = "office/sign_in/password_change.html"
    success_url = reverse_lazy(settings.LOGIN_REDIRECT_URL)

    form_class = ChangePasswordForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"request": self.request}

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        here = self.request.session.session_key or ""
        record_password_set(form.user, now=clock.now(), keep_session=here)
        messages.success(self.request, _("Password changed. You have been signed out on all other devices."))
        return response


class SetPassword(PasswordResetConfirmView):
    """Where a one-time link leads: choose a password, then sign in. Good once, for a day."""

    template_name = "office/sign_in/set_password.html"
    success_url = reverse_lazy("sign-in")

    token_generator = one_time_links

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        record_password_set(form.user, now=clock.now())
        messages.success(self.request, _("Password set. You can now sign in."))
        return response


class LockedOut(AuthenticationForm):
    """The sign-in form for somebody shut out: whatever is in it is not looked at."""

    def clean(self) -> dict[str, Any]:
        raise ValidationError(_("Too many failed attempts. Try again in 15 minutes."), "locked_out")


def locked_out(
    request: HttpRequest, original_response: HttpResponseBase | None = None, *_args: Any
) -> HttpResponse:
    """What axes answers instead of checking a password: the sign-in page, saying so, with status 429."""
    context = {"form": LockedOut(request, data=request.POST), "next": request.POST.get("next", "")}
    return render(request, SignIn.template_name, context, status=429)
