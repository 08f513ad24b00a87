"""A storyboard becomes tasks, tasks become a film; everything finished is kept under the key of what made it."""

from storyforge.production import events
from storyforge.production.budget import Seconds
from storyforge.production.draft import Draft, draft, planned
from storyforge.production.gauge import Gauge
from storyforge.production.housekeeping import Litter
from storyforge.production.order import Order, Until
from storyforge.production.project import BOARD, Project, plan, render
from storyforge.production.renderers import Renderer, Renderers
from storyforge.production.report import Failure, Report, SheetReport, ShotReport, Spent, StageReport
from storyforge.production.retakes import Retakes, TakeInfo
from storyforge.production.run import Film
from storyforge.production.spans import Panel, Span, level_request, panels_request, spans
from storyforge.production.status import SheetStatus, ShotStatus, Status
from storyforge.production.survey import Step, total_seconds
from storyforge.production.takes import ALL
from storyforge.production.told import Told
from storyforge.production.update import Update, update

__all__ = [
    "ALL",
    "BOARD",
    "Draft",
    "Failure",
    "Film",
    "Gauge",
    "Litter",
    "Order",
    "Panel",
    "Project",
    "Renderer",
    "Renderers",
    "Report",
    "Retakes",
    "Seconds",
    "SheetReport",
    "SheetStatus",
    "ShotReport",
    "ShotStatus",
    "Span",
    "Spent",
    "StageReport",
    "Status",
    "Step",
    "TakeInfo",
    "Told",
    "Until",
    "Update",
    "draft",
    "events",
    "level_request",
    "panels_request",
    "plan",
    "planned",
    "render",
    "spans",
    "total_seconds",
    "update",
]
