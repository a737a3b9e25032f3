"""Addresses of this app."""

from django.urls import path

from crm_adoption.plan import views
from crm_adoption.plan.views import cycle, engagement, feedback, phases, risk

urlpatterns = [
    path("", views.home, name="home"),
    path("ingredients/", views.ingredients, name="ingredients"),
    path("ingredients/<slug:slug>/", views.ingredient, name="ingredient"),
    *phases.objectives.urls,
    *phases.items.urls,
    path("risk/", risk.risk, name="risk"),
    path("phases/", phases.phases, name="phases"),
    *phases.phase_register.urls[1:],
    path("phases/<int:pk>/", phases.phase, name="phase"),
    path("phases/<int:pk>/move/", phases.phase_move, name="phase-move"),
    path("phases/<int:pk>/override/", phases.phase_override, name="phase-override"),
    path("phases/<int:pk>/lessons/", phases.phase_lesson, name="phase-lesson"),
    path("phases/<int:pk>/criteria/", phases.phase_criterion, name="phase-criterion"),
    path("phases/<int:pk>/approve/", phases.phase_act, {"act": "approve"}, name="phase-approve"),
    path("phases/<int:pk>/open/", phases.phase_act, {"act": "open"}, name="phase-open"),
    path("phases/<int:pk>/close/", phases.phase_act, {"act": "close"}, name="phase-close"),
    path("phases/<int:pk>/validate/", phases.phase_act, {"act": "validate"}, name="phase-validate"),
    path("steps/<int:pk>/done/", phases.phase_step, name="phase-step"),
    path("criteria/<int:pk>/remove/", phases.criterion_remove, name="criterion-remove"),
    *[address for register in engagement.REGISTERS for address in register.urls],
    path("messages/<int:pk>/", feedback.message, name="message"),
    path("messages/<int:pk>/send/", feedback.message_send, name="message-send"),
    path("promises/<int:pk>/settle/", feedback.promise_settle, name="promise-settle"),
    path("feedback/", feedback.feedback, name="feedback"),
    path("feedback/new/", feedback.feedback_new, name="feedback-new"),
    path("feedback/<int:pk>/", feedback.feedback_one, name="feedback-one"),
    path("feedback/<int:pk>/vote/", feedback.feedback_vote, name="feedback-vote"),
    path("feedback/<int:pk>/answer/", feedback.feedback_answer, name="feedback-answer"),
    path("feedback/<int:pk>/escalate/", feedback.feedback_act, {"act": "escalate"}, name="feedback-escalate"),
    path("feedback/<int:pk>/resolve/", feedback.feedback_act, {"act": "resolve"}, name="feedback-resolve"),
    path("feedback/<int:pk>/work/", feedback.feedback_act, {"act": "work"}, name="feedback-work"),
    path("for-me/", feedback.for_me, name="for-me"),
    *cycle.pulses.urls,
    path("pulses/<int:pk>/", cycle.pulse, name="pulse"),
    path("pulses/<int:pk>/answer/", cycle.pulse_answer, name="pulse-answer"),
    *cycle.reviews.urls,
    path("reviews/<int:pk>/", cycle.review, name="review"),
    path("reviews/<int:pk>/hold/", cycle.review_hold, name="review-hold"),
    path("reviews/<int:pk>/decide/", cycle.review_decide, name="review-decide"),
    path("sponsor/", cycle.sponsor, name="sponsor"),
]
