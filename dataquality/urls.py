"""Addresses of imports, the scoreboard, records and reports."""

from django.urls import path

from dataquality.views import board, correcting, findings, gates, imports, records
from dataquality.views.matching import detection, rules

urlpatterns = [
    path("imports/", imports.batch_list, name="batches"),
    path("imports/new/", imports.batch_new, name="batch-new"),
    path("imports/<int:pk>/", imports.batch, name="batch"),
    path("imports/<int:pk>/mapping/", imports.batch_mapping, name="batch-mapping"),
    path("imports/<int:pk>/answer/", imports.batch_answer, name="batch-answer"),
    path("imports/<int:pk>/check/", imports.batch_check, name="batch-check"),
    path("imports/<int:pk>/apply/", imports.batch_apply, name="batch-apply"),
    path("imports/<int:pk>/discard/", imports.batch_discard, name="batch-discard"),
    path("imports/<int:pk>/faulty.csv", imports.batch_faulty, name="batch-faulty"),
    path("imports/<int:pk>/set-apart.csv", imports.batch_set_apart, name="batch-set-apart"),
    path("sources/", imports.source_list, name="sources"),
    path("sources/<int:pk>/", imports.source, name="source"),
    path("scoreboard/", board.scoreboard, name="scoreboard"),
    path("findings/", findings.finding_list, name="findings"),
    path("waivers/", findings.waiver_list, name="waivers"),
    path("corrections/", findings.correction_list, name="corrections"),
    path("tables/<str:slug>/", board.table, name="table"),
    path("tables/<str:slug>/accept/", board.accept, name="suggestion-accept"),
    path("tables/<str:slug>/waive/", board.waive, name="findings-waive"),
    path("tables/<str:slug>/noise/<slug:field>/", board.noise, name="noise"),
    path("records/<str:slug>/", records.record_list, name="records"),
    path("records/<str:slug>/<int:pk>/", records.record, name="record"),
    path("records/<str:slug>/<int:pk>/correct/<slug:field>/", correcting.correct, name="correct"),
    path("records/<str:slug>/<int:pk>/correct/<slug:field>/check/", correcting.correct_check, name="correct-check"),
    path("duplicates/runs/", detection.runs, name="duplicate-runs"),
    path("duplicates/rules/", rules.rule_list, name="match-rules"),
    path("duplicates/rules/new/<str:table>/", rules.rule_new, name="match-rule-new"),
    path("duplicates/rules/<int:pk>/", rules.rule, name="match-rule"),
    path("duplicates/rules/<int:pk>/publish/", rules.rule_publish, name="match-rule-publish"),
    path("reports/", gates.report_list, name="reports"),
    path("reports/<slug:slug>/", gates.report, name="report"),
    path("reports/<slug:slug>/override/", gates.override, name="report-override"),
    path("reports/<slug:slug>/withdraw/", gates.withdraw, name="report-withdraw"),
]
