"""The lists that fields of a profile are picked from: a stable code and its English words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_LISTS: Final[dict[str, dict[str, str]]] = {
    "kind": {
        "cluster-initiative": "regional cluster initiative",
        "cluster-association": "national cluster association",
        "industry-association": "industry association",
        "chamber": "chamber of commerce",
        "development-agency": "regional economic development agency",
        "development-initiative": "regional economic development initiative",
        "incubator": "business incubator",
        "technology-transfer": "technology transfer centre",
        "research-institute": "research institute",
        "government-laboratory": "government laboratory",
        "venture-development": "venture development organisation",
        "financial-firm": "financial firm",
        "consultancy": "consultancy",
        "think-tank": "think tank",
        "other": "other kind of organisation",
    },
    "legal_form": {
        "association": "association",
        "foundation": "foundation",
        "company": "company",
        "cooperative": "cooperative",
        "public-body": "public body",
        "part-of-another": "part of another legal entity",
        "contract": "consortium by contract, no legal entity",
        "other": "other legal form",
    },
    "sector": {
        "public": "public",
        "private": "private for-profit",
        "non-profit": "private non-profit",
        "public-private": "public-private",
        "academic": "university or college",
    },
    "budget": {
        "up-to-0.5m": "up to 0.5 million",
        "0.5m-1m": "0.5 to 1 million",
        "1m-5m": "1 to 5 million",
        "5m-10m": "5 to 10 million",
        "10m-50m": "10 to 50 million",
        "50m-100m": "50 to 100 million",
        "over-100m": "more than 100 million",
    },
    "member": {
        "small-firms": "small and medium-sized firms",
        "large-firms": "large firms",
        "universities": "universities",
        "research": "research organisations",
        "public-bodies": "public bodies",
        "finance": "investors and banks",
        "training": "training providers",
        "other": "other members",
    },
    "service": {
        "financing": "business financing",
        "incubation": "business incubation",
        "entrepreneurship": "entrepreneurship training and mentoring",
        "business-development": "business development",
        "networking": "networking",
        "advocacy": "public policy advocacy",
        "analysis": "economic analysis",
        "strategy": "strategy development",
        "initiative-management": "management of initiatives",
        "training": "training and education",
        "research-development": "technology research and development",
        "technology-transfer": "technology transfer",
        "attraction": "business attraction and site location",
        "trade-promotion": "international trade promotion",
        "regional-promotion": "regional promotion",
    },
    "focus": {
        "start-up": "start-ups",
        "high-growth": "high-growth firms",
        "mature": "mature firms with steady growth",
    },
    "technology": {
        "artificial-intelligence": "artificial intelligence",
        "advanced-manufacturing": "advanced manufacturing",
        "advanced-materials": "advanced materials",
        "aerospace-technology": "aerospace technology",
        "biotechnology": "biotechnology",
        "clean-energy": "clean energy technology",
        "circular-economy": "circular economy and recycling",
        "cybersecurity": "cybersecurity",
        "data-and-software": "data and software",
        "electronics": "micro- and nanoelectronics",
        "environmental": "environmental technology",
        "food-technology": "food technology",
        "hydrogen": "hydrogen and fuel cells",
        "internet-of-things": "internet of things",
        "marine-technology": "marine technology",
        "medical-technology": "medical technology",
        "mobility-technology": "mobility technology",
        "nanotechnology": "nanotechnology",
        "packaging-technology": "packaging technology",
        "photonics": "photonics",
        "quantum": "quantum technology",
        "robotics": "robotics and automation",
        "space-technology": "space technology",
        "textile-technology": "textile technology",
    },
    "ecosystem": {
        "aerospace-defence": "aerospace and defence",
        "agri-food": "agri-food",
        "construction": "construction",
        "creative": "cultural and creative industries",
        "digital": "digital",
        "electronics": "electronics",
        "energy-intensive": "energy-intensive industries",
        "renewables": "renewable energy",
        "health": "health",
        "mobility": "mobility, transport and automotive",
        "proximity": "proximity, social economy and civil security",
        "retail": "retail",
        "textiles": "textiles",
        "tourism": "tourism",
    },
    "emerging": {
        "creative": "creative industries",
        "eco": "eco industries",
        "experience": "experience industries",
        "maritime": "maritime industries",
        "mobile-services": "mobile services industries",
        "mobility": "mobility industries",
        "personalised-medicine": "personalised medicine industries",
    },
    "cooperation": {
        "research-project": "joint research or innovation project",
        "funding-application": "joint funding application",
        "technology-transfer": "technology transfer",
        "supply": "supply and sourcing",
        "market-access": "market access",
        "investment": "investment",
        "training": "training and skills",
        "pilot": "pilot or demonstration site",
        "exchange": "exchange of practice",
        "staff-exchange": "exchange of staff",
    },
    "label": {
        "bronze": "cluster management label, bronze",
        "silver": "cluster management label, silver",
        "gold": "cluster management label, gold",
        "national": "national or regional label",
    },
    "claim": {
        "main": "main field",
        "side": "side field",
    },
}

PICKS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {name: MappingProxyType(words) for name, words in _LISTS.items()}
)
"""Pick-lists by name: kinds, legal forms and technologies of organisations and the like.

Kinds, sectors, services, focus and budget bands follow the lists of the American registry (15
kinds, 15 activities, 7 bands); ecosystems are the 14 of the European Union, emerging industries
the seven of 2012. The lists of members, technologies and cooperation are ours. Code words never
change their meaning; new ones may come.
"""


def words_of(name: str, code: str) -> str:
    """Return the English words of a code; the code itself where a newer file brings a new one.

    >>> words_of("legal_form", "cooperative")
    'cooperative'
    """
    return PICKS[name].get(code, code)
