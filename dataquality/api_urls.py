"""Addresses of this app in the API."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from dataquality.api.board import GateViewSet, RecordListView, RecordView, ScoreboardView
from dataquality.api.entering import addresses
from dataquality.api.imports import BatchViewSet, SourceViewSet
from dataquality.api.matching import (
    AcceptanceViewSet,
    ClusterListView,
    ClusterView,
    MatchRunViewSet,
    PairViewSet,
    SplitView,
)
from dataquality.api.mending import CorrectionViewSet, FindingViewSet
from dataquality.api.merging import MergeViewSet
from dataquality.api.rules import MatchRuleViewSet
from dataquality.api.verification import FreshnessView, VerifyView

router = SimpleRouter()
router.register("sources", SourceViewSet, basename="api-source")
router.register("batches", BatchViewSet, basename="api-batch")
router.register("findings", FindingViewSet, basename="api-finding")
router.register("corrections", CorrectionViewSet, basename="api-correction")
router.register("gates", GateViewSet, basename="api-gate")
router.register("pairs", PairViewSet, basename="api-pair")
router.register("match-runs", MatchRunViewSet, basename="api-match-run")
router.register("merges", MergeViewSet, basename="api-merge")
router.register("acceptances", AcceptanceViewSet, basename="api-acceptance")
router.register("match-rules", MatchRuleViewSet, basename="api-match-rule")

urlpatterns = [
    path("clusters/<str:table>/", ClusterListView.as_view({"get": "list"}), name="api-clusters"),
    path("clusters/<str:table>/<int:cluster>/", ClusterView.as_view(), name="api-cluster"),
    path("clusters/<str:table>/<int:cluster>/split/", SplitView.as_view(), name="api-cluster-split"),
    path("scoreboard/", ScoreboardView.as_view(), name="api-scoreboard"),
    path("records/<str:table>/", RecordListView.as_view({"get": "list"}), name="api-records"),
    path("records/<str:table>/<int:pk>/", RecordView.as_view(), name="api-record"),
    path("records/<str:table>/<int:pk>/verify/", VerifyView.as_view(), name="api-record-verify"),
    path("verification/", FreshnessView.as_view(), name="api-verification"),
    *addresses(),
    *router.urls,
]
