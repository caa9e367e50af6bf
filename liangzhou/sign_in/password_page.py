"""The page on which the staff choose their own password."""

from django.contrib import messages
from django.contrib.admin.forms import AdminPasswordChangeForm
from django.contrib.auth.views import PasswordChangeView
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from liangzhou import accounts, audit, sign_in
from liangzhou.sign_in import passwords, sessions
from liangzhou.sign_in import steps as sign_in_steps


class OwnPasswordForm(AdminPasswordChangeForm):
    """The old password, and a new one twice. Wrong old passwords are counted as failed sign-ins are."""

    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request

    @sensitive_variables("old_password")
    def clean_old_password(self):
        old_password = self.cleaned_data["old_password"]
        if not sign_in.is_password_of(self.request, old_password):
            raise ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        return old_password

    @sensitive_variables("new_password")
    def clean_new_password1(self):
        new_password = self.cleaned_data["new_password1"]
        if new_password == self.cleaned_data.get("old_password"):
            raise ValidationError(_("This is your old password. Choose another."), code="password_unchanged")
        return new_password


class OwnPasswordView(PasswordChangeView):
    """Changes the password; the session goes on under a new key, and all others end."""

    form_class = OwnPasswordForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"request": self.request}

    def get_context_data(self, **kwargs):
        why = passwords.why_new(self.request.user)
        return super().get_context_data(why=why, **kwargs)

    def form_valid(self, form):
        with transaction.atomic():
            super().form_valid(form)
            accounts.has_own_password(form.user)
            audit.record(audit.Action.PASSWORD_CHANGED, by=form.user, target=form.user)
        self.request.session[sessions.PASSWORD_AT] = int(timezone.now().timestamp())
        messages.success(self.request, _("Your password was changed. You are signed out everywhere else."))
        goal = sign_in_steps.goal_of(self.request)
        return HttpResponseRedirect(goal or self.get_success_url())
