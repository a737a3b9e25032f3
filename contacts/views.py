"""The role call: five of one's own deals, one tap each; and its answers as a file for the CRM (T11)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Opportunity
from contacts import queries, services
from contacts.forms import CallForm
from contacts.models import Contact
from crm_adoption.kit import exports
from crm_adoption.kit.access import LEAD, STEWARD, for_groups, signed_in
from crm_adoption.people.models import Person

# As the CRMs' own importers of contact roles read them; the ids are the CRM's.
HEADINGS = ("Source", "Opportunity ID", "Contact ID", "Role", "Opportunity", "Contact", "Said by")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def role_call(request: HttpRequest) -> HttpResponse:
    """One's own deals alone; nobody else sees what somebody still owes."""
    me, today = request.user, timezone.localdate()
    assert isinstance(me, Person)
    roles = queries.roles_offered()
    chosen = request.session.get("role", "")
    if request.method == "POST":
        form = CallForm(request.POST)
        if not form.is_valid():
            raise Http404
        said = form.cleaned_data
        deal = get_object_or_404(Opportunity, pk=said["deal"], owner=me)
        if said["contact"] is None:
            services.nobody_yet(deal, by=me, today=today)
            messages.success(request, _("Nobody yet; you are asked again in two weeks."))
        else:
            contact = get_object_or_404(Contact, pk=said["contact"])
            services.call_role(deal, contact, role=said["role"], by=me)
            request.session["role"] = said["role"]
            messages.success(request, _("%(contact)s: %(role)s.") % {"contact": contact, "role": said["role"]})
        return redirect("role-call")
    context = {
        "asked": queries.role_call(me, today), "roles": roles, "chosen": chosen if chosen in roles else roles[0],
        "coverage": queries.coverage_of(me), "waiting": queries.unlanded_calls(me).count(),
        "left": queries.to_call(me, today).count(),
    }  # fmt: skip
    return render(request, "contacts/role_call.html", context)


@require_safe
@for_groups(LEAD, STEWARD)
def role_call_answers(request: HttpRequest) -> HttpResponseBase:
    """Every answer that no export has brought back yet, as a file for the CRM's importer."""
    kind = request.GET.get("export", "csv")
    if kind not in exports.KINDS:
        raise Http404

    def rows() -> Iterator[list[Any]]:
        for one in queries.unlanded_calls():
            assert one.contact is not None
            yield [
                one.opportunity.source.name, one.opportunity.external_id, one.contact.external_id, one.role,
                str(one.opportunity), str(one.contact), str(one.said_by or ""),
            ]  # fmt: skip

    return exports.export(kind, "contact-roles", HEADINGS, rows())
