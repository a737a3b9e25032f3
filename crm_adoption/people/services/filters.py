"""Questions to lists that a person keeps."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person, SavedFilter

MOST, LONGEST_NAME, LONGEST_QUERY = 20, 60, 2000  # filters a page; characters


@transaction.atomic
def save_filter(person: Person, *, page: str, name: str, query: str) -> SavedFilter:
    """Keep a question under a name; the same name on the same page takes the place of the older question."""
    name = _named(name)
    if not query:
        raise Refusal(_("The whole list needs no filter; filter or sort it first, then save it as “%(name)s”.")
                      % {"name": name})  # fmt: skip
    if len(query) > LONGEST_QUERY:
        raise Refusal(_("This filter is too long to keep as “%(name)s”; take some of its conditions away.")
                      % {"name": name})  # fmt: skip
    mine = _of(person, page)
    known = mine.filter(name__iexact=name).first()
    if known is None:
        if mine.count() >= MOST:
            raise Refusal(_("You keep %(most)s filters for this list, and there is no room for “%(name)s”; delete one.")
                          % {"most": MOST, "name": name})  # fmt: skip
        return SavedFilter.objects.create(person=person, page=page, name=name, query=query)
    known.name, known.query = name, query
    known.save(update_fields=["name", "query", "updated_at"])
    return known


@transaction.atomic
def rename_filter(saved: SavedFilter, *, name: str) -> SavedFilter:
    name = _named(name)
    if _of(saved.person, saved.page).filter(name__iexact=name).exclude(pk=saved.pk).exists():
        raise Refusal(_("Another of your filters of this list is called “%(name)s”; choose another name.")
                      % {"name": name})  # fmt: skip
    saved.name = name
    saved.save(update_fields=["name", "updated_at"])
    return saved


@transaction.atomic
def set_default_filter(saved: SavedFilter) -> SavedFilter:
    """Let the list open with this question, in the place of another."""
    _of(saved.person, saved.page).exclude(pk=saved.pk).update(is_default=False)
    saved.is_default = True
    saved.save(update_fields=["is_default", "updated_at"])
    return saved


def clear_default_filter(saved: SavedFilter) -> SavedFilter:
    """Let the list open whole again."""
    saved.is_default = False
    saved.save(update_fields=["is_default", "updated_at"])
    return saved


def delete_filter(saved: SavedFilter) -> None:
    saved.delete()


def _named(name: str) -> str:
    name = " ".join(name.replace("\x00", "").split())
    if not name:
        raise Refusal(_("Give the filter a name."))
    if len(name) > LONGEST_NAME:
        raise Refusal(_("“%(name)s…” is longer than %(most)s characters; choose a shorter name.")
                      % {"name": name[:20], "most": LONGEST_NAME})  # fmt: skip
    return name


def _of(person: Person, page: str) -> QuerySet[SavedFilter]:
    return SavedFilter.objects.select_for_update().filter(person=person, page=page)
