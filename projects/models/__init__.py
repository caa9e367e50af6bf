"""Projects, chains, milestones, reported indicators, mechanisms and opportunities. Knows enterprises."""

from .chain import IndustryChain
from .indicator import ReportedIndicator
from .mechanism import Mechanism
from .milestone import Milestone
from .opportunity import Opportunity
from .project import Measure, Project, ProjectParty, public_project

__all__ = [
    "IndustryChain",
    "Measure",
    "Mechanism",
    "Milestone",
    "Opportunity",
    "Project",
    "ProjectParty",
    "ReportedIndicator",
    "public_project",
]
