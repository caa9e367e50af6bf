"""Places, companies and what companies hold. Knows nothing of projects."""

from .contact import Contact
from .enterprise import Enterprise, EnterpriseFact, LegalForm
from .place import Place
from .place_duty import PlaceDuty
from .provinces import Province
from .qualification import Qualification

__all__ = [
    "Contact",
    "Enterprise",
    "EnterpriseFact",
    "LegalForm",
    "Place",
    "PlaceDuty",
    "Province",
    "Qualification",
]
