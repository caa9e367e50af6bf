"""Projects, chains, milestones, reported indicators, mechanisms and opportunities. Knows enterprises."""

from .assignment import Assignment
from .chain import IndustryChain
from .former_code import FormerCode
from .indicator import ReportedIndicator
from .instruction import Instruction
from .mechanism import Mechanism
from .milestone import Milestone
from .not_the_same import NotTheSame
from .opportunity import Opportunity
from .parts import Measure, ProjectParty
from .project import Project, public_project
from .signing_event import SigningEvent
from .stage_change import StageChange
from .task_force import TaskForce
from .unit import CreditShare, Unit, credit_totals

__all__ = [
    "Assignment",
    "CreditShare",
    "FormerCode",
    "IndustryChain",
    "Instruction",
    "Measure",
    "Mechanism",
    "Milestone",
    "NotTheSame",
    "Opportunity",
    "Project",
    "ProjectParty",
    "ReportedIndicator",
    "SigningEvent",
    "StageChange",
    "TaskForce",
    "Unit",
    "credit_totals",
    "public_project",
]
