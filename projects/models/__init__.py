"""Projects, chains, milestones, reported indicators, mechanisms and opportunities. Knows enterprises."""

from .chain import IndustryChain
from .former_code import FormerCode
from .indicator import ReportedIndicator
from .instruction import Instruction
from .mechanism import Mechanism
from .milestone import Milestone
from .not_the_same import NotTheSame
from .opportunity import Opportunity
from .project import Measure, Project, ProjectParty, public_project
from .stage_change import StageChange
from .task_force import TaskForce
from .unit import CreditShare, Unit, credit_totals

__all__ = [
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
    "StageChange",
    "TaskForce",
    "Unit",
    "credit_totals",
    "public_project",
]
