"""Places, companies and what companies hold. Knows nothing of projects."""

from .enterprise import Enterprise, EnterpriseFact, LegalForm
from .place import Place
from .provinces import Province
from .qualification import Qualification

__all__ = ["Enterprise", "EnterpriseFact", "LegalForm", "Place", "Province", "Qualification"]
