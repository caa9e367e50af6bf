"""Public pages of projects and of what they belong to."""

from .chains import ChainDetail, ChainList
from .home import About, Home
from .indicators import IndicatorList
from .mechanisms import MechanismDetail, MechanismList, OpportunityList
from .places import PlaceDetail, PlaceList
from .projects import ProjectDetail, ProjectList
from .search import Search

__all__ = [
    "About",
    "ChainDetail",
    "ChainList",
    "Home",
    "IndicatorList",
    "MechanismDetail",
    "MechanismList",
    "OpportunityList",
    "PlaceDetail",
    "PlaceList",
    "ProjectDetail",
    "ProjectList",
    "Search",
]
