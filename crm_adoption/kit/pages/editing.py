"""One form, one service, one sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from crm_adoption.kit.errors import Refusal


def editing(
    request: HttpRequest,
    form: BaseForm,
    template: str = "kit/edit.html",
    *,
    save: Callable[[Any], Any],
    success_url: str | Callable[[Any], str],
    done: str | Callable[[Any], str] = "",
    context: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Show a form; when it is sent and valid, call `save(form)` and go on to `success_url`.

    `form` is bound by the view: `Form(request.POST or None, ...)`. Both `success_url` and `done` (the sentence shown
    afterwards) may be functions of what `save` returned. A Refusal stands above the form, with nothing typed lost.
    """
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                result = save(form)
            except Refusal as refusal:
                form.add_error(None, refusal.sentence)
                status = 409
            else:
                sentence = done(result) if callable(done) else done
                if sentence:
                    messages.success(request, sentence)
                return redirect(success_url(result) if callable(success_url) else success_url)
    return render(request, template, {"form": form, **(context or {})}, status=status)
