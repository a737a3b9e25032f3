"""The list of people and one person's page."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from crm_adoption.kit.access import LEAD, belongs, for_groups, signed_in
from crm_adoption.kit.looking import looked_at, shows_people
from crm_adoption.kit.pages.filtering import say_any
from crm_adoption.people import queries, services
from crm_adoption.people.filters import PersonFilter
from crm_adoption.people.forms import GroupsForm
from crm_adoption.people.models import Person

PAGE = 50


@require_safe
@for_groups(LEAD)
def people_list(request: HttpRequest) -> HttpResponse:
    asked = PersonFilter(request.GET, queryset=queries.people())
    say_any(asked)
    found = asked.qs if asked.is_valid() else asked.queryset.none()
    rows, more = queries.page_of_people(found, after=_place(request), size=PAGE)
    kept: dict[str, str] = {name: request.GET[name] for name in asked.filters if request.GET.get(name)}
    following = urlencode(kept | {"after": rows[-1].name, "key": str(rows[-1].pk)}) if more else ""
    context = {"filter": asked, "people": rows, "following": following}
    return render(request, "people/people_list.html", context, status=200 if asked.is_valid() else 400)


def _place(request: HttpRequest) -> tuple[str, int] | None:
    """Where the page before ended; an address that makes no sense starts at the beginning."""
    key = request.GET.get("key", "")
    name = request.GET.get("after", "").replace("\x00", "")
    return (name, int(key)) if key.isascii() and key.isdigit() and len(key) < 19 else None


@require_safe
@signed_in
@shows_people("people.person", gettext_lazy("Who you are here: team, role, groups and seats"))
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own page; leads see everybody's. Whether somebody else exists is not told to the others."""
    lead = belongs(request.user, (LEAD,))
    if request.user.pk != pk and not lead:
        raise PermissionDenied
    shown = queries.people().filter(pk=pk).first()
    if shown is None:
        raise Http404
    looked_at(request, [shown])
    context = {
        "person": shown,
        "seats": queries.seats_of(shown),
        "may_change": lead,
        "form": GroupsForm(initial={"groups": sorted(shown.group_names)}),
        "invitation": shown.invitations.open().first() if lead else None,
        "today": timezone.localdate(),
    }
    return render(request, "people/person.html", context)


@require_POST
@for_groups(LEAD)
@reauthentication_required  # type: ignore[untyped-decorator]
def change_groups(request: HttpRequest, pk: int) -> HttpResponse:
    assert isinstance(request.user, Person)
    changed = get_object_or_404(Person, pk=pk)
    form = GroupsForm(request.POST)
    if form.is_valid():
        services.change_groups(changed, groups=form.cleaned_data["groups"], by=request.user)
        messages.success(
            request,
            _("%(person)s is now in: %(groups)s.")
            % {"person": changed, "groups": ", ".join(sorted(form.cleaned_data["groups"])) or _("no group")},
        )
    else:
        messages.error(request, _("Nothing changed: one of the groups is not among the eight."))
    return redirect(changed)


@require_POST
@for_groups(LEAD)
@reauthentication_required  # type: ignore[untyped-decorator]
def deactivate_person(request: HttpRequest, pk: int) -> HttpResponse:
    assert isinstance(request.user, Person)
    gone = services.deactivate_person(get_object_or_404(Person, pk=pk), by=request.user, now=timezone.now())
    messages.success(request, _("%(person)s can no longer sign in; sessions and tokens have ended.") % {"person": gone})
    return redirect(gone)
