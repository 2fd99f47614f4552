"""Invented names and places. Nobody has them: most are made of words, so that a search finds any that leaks."""

from __future__ import annotations

FORENAMES_F = (
    "Ambrelle", "Brindy", "Cordwyn", "Dapplina", "Elspetta", "Fennelly", "Glimmera", "Hazelwick", "Inkerine",
    "Jessamora", "Kittiwen", "Larkspurra", "Marlinda", "Nettabel", "Oriolette", "Pippinelle", "Quillana",
    "Rosmarin", "Sorrelia", "Thistlina", "Umbrella-Mae", "Vervaine", "Willowyn", "Yarrowby",
)  # fmt: skip
FORENAMES_M = (
    "Aldwick", "Bramblen", "Corvinard", "Drummelo", "Eskdalen", "Fernando-Wick", "Garnetto", "Hollowby", "Irkwell",
    "Jasperton", "Kestrelan", "Lodeston", "Mossimer", "Nimbusson", "Oakleyn", "Pewterly", "Quarrian",
    "Rushford-Lee", "Sedgewin", "Tarnwick", "Umberto-Ray", "Veldrick", "Wrenfold", "Zephyrus",
)  # fmt: skip
SURNAMES = (
    "Quillfeather", "Brambleshaw", "Candlewhistle", "Dumplingford", "Everthistle", "Foxgloam", "Gingerwick",
    "Hobbleton", "Inglemoss", "Jumblecroft", "Kettleworthy", "Lanternby", "Marrowgate", "Nutterthwaite",
    "Oddingsley", "Pebblemarsh", "Quaverstock", "Rumblefold", "Snufflebury", "Tanglethorpe", "Umberwhistle",
    "Vellumgate", "Wobblecombe", "Yonderbeck", "Zigzagley", "Butterwhisk", "Crumpetham", "Dandelyon",
    "Figglesworth", "Humbledown",
)  # fmt: skip
STAFF_SURNAMES = (
    "Ashwhittle", "Barleyfern", "Cobblestead", "Driftwoode", "Elderquill", "Farthingale-Moss", "Gorsewick",
    "Heatherbeam", "Inkpenny", "Jackdawson", "Knotweedly", "Lavenderby", "Mapplethwaite", "Newtwick", "Ottershaw",
    "Parsnipper", "Quincehurst", "Ravelston-Pye", "Saltmarshe", "Teaselby",
)  # fmt: skip
STREETS = (
    "Made Up Lane", "Nowhere Street", "Example Road", "Invented Close", "Sample Way", "Pretend Avenue",
    "Fiction Row",
)  # fmt: skip
COUNTRIES = (
    "AF", "AL", "ER", "ET", "IQ", "IR", "SD", "SO", "SY", "VN",
)  # fmt: skip


HOME_DISTRICTS = tuple(f"ZZ{n}" for n in (1, 1, 1, 2, 2, 3, 4, 4, 4, 5, 6, 6, 7, 8, 9))
"""Districts of homes, each as often as its share of them. No place has one: the postcode area ZZ is not in use."""


def postcode(area: int, number: int) -> str:
    """A postcode of ZZ99, which belongs to no place. Source: ONS pseudo postcodes."""
    return f"ZZ99 {_inward(area, number)}"


def home_postcode(area: int, number: int) -> str:
    """A postcode of one of the districts of homes."""
    return f"{HOME_DISTRICTS[area % len(HOME_DISTRICTS)]} {_inward(area, number)}"


def _inward(area: int, number: int) -> str:
    return f"{area % 9 + 1}{chr(65 + number % 24)}{chr(65 + number // 24 % 24)}"
