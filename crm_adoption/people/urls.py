"""Addresses of this app."""

from django.urls import path

from crm_adoption.people import views

urlpatterns = [
    path("", views.people_list, name="people"),
    path("invite/", views.invite, name="people_invite"),
    path("invitations/<int:pk>/resend/", views.resend_invitation, name="resend_invitation"),
    path("invitations/<int:pk>/revoke/", views.revoke_invitation, name="revoke_invitation"),
    path("invitation/<str:key>/", views.accept_invitation, name="accept_invitation"),
    path("<int:pk>/", views.person, name="person"),
    path("<int:pk>/groups/", views.change_groups, name="change_groups"),
    path("<int:pk>/deactivate/", views.deactivate_person, name="deactivate_person"),
    path("profile/", views.profile, name="profile"),
    path("who-looked/", views.who_looked, name="who-looked"),
    path("looks/", views.look_counts, name="look-counts"),
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/<int:pk>/revoke/", views.revoke_token, name="revoke_token"),
    path("seats/", views.seats, name="seats"),
    path("seats/fill/", views.fill_seat, name="fill_seat"),
    path("seats/open/", views.open_seat, name="open_seat"),
    path("seats/<int:pk>/", views.seat, name="seat"),
]
