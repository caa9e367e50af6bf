"""The pages of the second factor: entering the code, setting it up, recovery codes, switching off, reset."""

import django_otp
from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.debug import sensitive_post_parameters

from liangzhou import permissions, sign_in
from liangzhou.sign_in import sessions, two_factor
from liangzhou.sign_in import steps as sign_in_steps

KEY = "second_factor_key"  # in the session while it is set up
LARGEST_KEY = 2**63 - 1


class CodeForm(forms.Form):
    """A code, checked by `check`, which says by a ValidationError what is wrong; and where asked for, the password."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True, "class": "vTextField"}),
        help_text=gettext_lazy("Six digits from the app, or one of your recovery codes."),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "class": "vTextField"}),
    )
    field_order = ("password", "code")

    def __init__(self, *args, request, check, with_password=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.request, self.check = request, check
        if not with_password:
            del self.fields["password"]

    def clean_password(self):
        password = self.cleaned_data["password"]
        if not sign_in.is_password_of(self.request, password):
            raise ValidationError(_("This is not your password."))
        return password

    def clean(self):
        """The code last: where the password is wrong, it is not used up."""
        if not self.errors:
            try:
                self.outcome = self.check(self.request.user, self.cleaned_data["code"])
            except ValidationError as problem:
                self.add_error("code", problem)
        return self.cleaned_data


class SetUpForm(CodeForm):
    """The first code of a key; where another phone has a key already, a code of that too: a cookie must not do."""

    present = forms.CharField(
        label=gettext_lazy("Code that you have now"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True, "class": "vTextField"}),
        help_text=gettext_lazy("Six digits from the app as it is set up now, or one of your recovery codes."),
    )
    field_order = ("password", "present", "code")

    def __init__(self, *args, key, is_on, **kwargs):
        super().__init__(*args, check=lambda user, code: two_factor.set_up(user, key, code), **kwargs)
        self.key = key
        self.fields["code"].help_text = _("Six digits that the app shows now.")
        if is_on:
            self.fields["code"].label = _("First code of the new app")
            self.fields["code"].widget.attrs |= {"autocomplete": "off", "autofocus": False}
        else:
            del self.fields["present"]

    def clean(self):
        """The code of now is used up only where the first one of the new key is right."""
        if "present" in self.fields and not self.errors:
            self._try("code", two_factor.first_of, self.key)
        if "present" in self.fields and not self.errors:
            self._try("present", two_factor.verify, self.request.user)
        return super().clean()

    def _try(self, name: str, check, of_what) -> None:
        try:
            check(of_what, self.cleaned_data[name])
        except ValidationError as problem:
            self.add_error(name, problem)


def urls(site) -> list:
    """The pages, each behind the site's own guard; sign_in_steps says which are open to whom is signed in halfway."""

    def page(view):
        return site.admin_view(sensitive_post_parameters()(lambda request, **key: view(site, request, **key)))

    return [
        path("second-factor/", page(state), name="second_factor"),
        path("second-factor/code/", page(enter_code), name="second_factor_code"),
        path("second-factor/set-up/", page(set_up), name="second_factor_setup"),
        path("second-factor/recovery-codes/", page(renew_codes), name="second_factor_codes"),
        path("second-factor/off/", page(turn_off), name="second_factor_off"),
        path("second-factor/reset/<int:key>/", page(reset), name="second_factor_reset"),
    ]


def _answer(site, request, template: str, **context):
    request.current_app = site.name
    frame = site.each_context(request) | {"goal": sign_in_steps.goal_of(request)}
    return TemplateResponse(request, f"admin/second_factor/{template}.html", frame | context)


def _form(request, check, **options) -> CodeForm:
    return CodeForm(request.POST if request.method == "POST" else None, request=request, check=check, **options)


def _verified_by(request, device) -> None:
    """From here on the session is another: who knew its key before does not share what the code opens."""
    django_otp.login(request, device)
    request.session.cycle_key()


def state(site, request):
    """What there is, and what can be done about it."""
    user = request.user
    return _answer(
        site,
        request,
        "state",
        title=_("Second factor"),
        is_on=two_factor.is_on(user),
        codes_left=two_factor.recovery_codes_left(user),
        is_required=permissions.needs_second_factor(user),
    )


def enter_code(site, request):
    """After the password: the code, before anything else of the admin."""
    if not two_factor.is_on(request.user) or two_factor.is_verified(request.user):
        return sign_in_steps.go_on(request)
    form = _form(request, two_factor.verify)
    if not form.is_valid():
        return _answer(site, request, "code", title=_("Enter the code"), form=form)
    _verified_by(request, form.outcome)
    left = two_factor.recovery_codes_left(request.user)
    if left <= two_factor.FEW_LEFT:
        messages.warning(request, _few_left(left))
    return sign_in_steps.go_on(request)


def _few_left(count: int) -> str:
    return ngettext(
        "You have %(count)d recovery code left. Make new ones on the page of the second factor.",
        "You have %(count)d recovery codes left. Make new ones on the page of the second factor.",
        count,
    ) % {"count": count}


def set_up(site, request):
    """The key as a picture and as text; a first code shows that the app has it."""
    key = request.session.get(KEY)
    if key is None:
        key = request.session[KEY] = two_factor.new_key()
    is_on, with_password = two_factor.is_on(request.user), not sessions.is_fresh(request.session)
    data = request.POST if request.method == "POST" else None
    form = SetUpForm(data, request=request, key=key, is_on=is_on, with_password=with_password)
    if form.is_valid():
        del request.session[KEY]
        device, codes = form.outcome
        _verified_by(request, device)
        return _codes_page(site, request, codes)
    size, dark = two_factor.squares(two_factor.address_of(request.user, key))
    context = {"form": form, "key": two_factor.shown_key(key), "size": size, "dark": dark}
    required = permissions.needs_second_factor(request.user) and not is_on
    return _answer(site, request, "set_up", title=_("Set up the second factor"), is_required=required, **context)


def _codes_page(site, request, codes: list[str]):
    next_page = sign_in_steps.goal_of(request) or reverse("admin:second_factor")
    return _answer(site, request, "codes", title=_("Your recovery codes"), codes=codes, next_page=next_page)


def renew_codes(site, request):
    """New recovery codes for those that were used or lost."""
    if not two_factor.is_on(request.user):
        return HttpResponseRedirect(reverse("admin:second_factor"))
    form = _form(request, two_factor.verify)
    if form.is_valid():
        codes = two_factor.new_recovery_codes(request.user)
        _verified_by(request, two_factor.renewed(form.outcome))
        return _codes_page(site, request, codes)
    return _answer(site, request, "renew", title=_("New recovery codes"), form=form)


def turn_off(site, request):
    """By the owner, with password and code; not where a role requires it."""
    if permissions.needs_second_factor(request.user):
        messages.error(request, _("Your role requires a second factor: it cannot be switched off."))
        return HttpResponseRedirect(reverse("admin:second_factor"))
    if not two_factor.is_on(request.user):
        return HttpResponseRedirect(reverse("admin:second_factor"))
    form = _form(request, two_factor.verify, with_password=True)
    if not form.is_valid():
        return _answer(site, request, "off", title=_("Switch the second factor off"), form=form)
    two_factor.turn_off(request.user)
    request.session.cycle_key()
    messages.success(request, _("The second factor is switched off."))
    return HttpResponseRedirect(reverse("admin:second_factor"))


def reset(site, request, key: int):
    """Takes away the second factor of somebody who lost it."""
    other = User.objects.filter(pk=key).first() if key <= LARGEST_KEY else None
    if "grant" not in permissions.powers_over(request.user):
        raise PermissionDenied
    if other is None:
        raise Http404
    if not permissions.may_reset_second_factor(request.user, other):
        raise PermissionDenied
    if request.method != "POST":
        is_on = two_factor.is_on(other)
        return _answer(site, request, "reset", title=_("Reset the second factor"), other=other, is_on=is_on)
    two_factor.reset(other, by=request.user)
    told = _("The second factor of %(name)s is reset, and all their sessions have ended.")
    messages.success(request, told % {"name": other.get_full_name() or other.get_username()})
    return HttpResponseRedirect(reverse("admin:index"))
