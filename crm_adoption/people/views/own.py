"""One's own profile and API tokens."""

from __future__ import annotations

from zoneinfo import available_timezones

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from crm_adoption.kit.access import EVERYBODY, for_groups, signed_in
from crm_adoption.people import queries, services
from crm_adoption.people.forms import ProfileForm, TokenForm
from crm_adoption.people.models import Person


@require_http_methods(["GET", "POST"])
@signed_in
def profile(request: HttpRequest) -> HttpResponse:
    me = request.user
    assert isinstance(me, Person)
    form = ProfileForm(request.POST or None, initial={"language": me.language, "time_zone": me.time_zone})
    if request.method == "POST" and form.is_valid():
        services.update_profile(me, **form.cleaned_data)
        messages.success(request, _("Your profile is saved."))
        return redirect("profile")
    context = {"form": form, "person": me, "zones": sorted(available_timezones())}
    return render(request, "people/profile.html", context, status=422 if form.is_bound else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@for_groups(*EVERYBODY)
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]
def tokens(request: HttpRequest) -> HttpResponse:
    """The list; a token just made is in this one answer and nowhere else."""
    me = request.user
    assert isinstance(me, Person)
    form, made = TokenForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        _token, made = services.make_token(me, **form.cleaned_data)
        form = TokenForm()
    context = {"form": form, "made": made, "tokens": queries.tokens_of(me), "now": timezone.now()}
    return render(request, "people/tokens.html", context, status=422 if form.is_bound else 200)


@require_POST
@for_groups(*EVERYBODY)
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    assert isinstance(request.user, Person)
    token = get_object_or_404(queries.tokens_of(request.user), pk=pk)
    services.revoke_token(token)
    messages.success(request, _("The token %(name)s opens nothing any more.") % {"name": token.name})
    return redirect("tokens")
