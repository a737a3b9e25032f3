"""Addresses of this app."""

from django.urls import path

from training.views import courses, impacts, processes, roles

urlpatterns = [
    path("training/processes/", processes.process_list, name="training-processes"),
    path("training/processes/new/", processes.process_new, name="training-process-new"),
    path("training/processes/<int:pk>/", processes.process, name="training-process"),
    path("training/processes/<int:pk>/change/", processes.process_change, name="training-process-change"),
    path("training/processes/<int:pk>/owner/", processes.process_owner, name="training-process-owner"),
    path("training/processes/<int:pk>/retire/", processes.process_retire, name="training-process-retire"),
    path("training/impacts/", impacts.impact_list, name="training-impacts"),
    path("training/impacts/new/", impacts.impact_new, name="training-impact-new"),
    path("training/impacts/<int:pk>/", impacts.impact, name="training-impact"),
    path("training/impacts/<int:pk>/told/", impacts.impact_told, name="training-impact-told"),
    path("training/go-lives/", impacts.go_live_list, name="training-go-lives"),
    path("training/go-lives/new/", impacts.go_live_new, name="training-go-live-new"),
    path("training/roles/", roles.roles, name="training-roles"),
    path("training/roles/<int:pk>/", roles.role, name="training-role"),
    path("training/roles/<int:pk>/change/", roles.role_change, name="training-role-change"),
    path("training/teams/<int:pk>/", roles.team, name="training-team"),
    path("training/courses/", courses.course_list, name="training-courses"),
    path("training/courses/new/", courses.course_new, name="training-course-new"),
    path("training/courses/<int:pk>/", courses.course, name="training-course"),
    path("training/courses/<int:pk>/change/", courses.course_change, name="training-course-change"),
    path("training/courses/<int:pk>/up-to-date/", courses.course_up_to_date, name="training-course-up-to-date"),
    path("training/courses/<int:pk>/retire/", courses.course_retire, name="training-course-retire"),
    path("training/still-to-take/", courses.still_to_take, name="training-still-to-take"),
]
