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


def postcode(area: int, number: int) -> str:
    """A postcode of ZZ99, which belongs to no place. Source: ONS pseudo postcodes."""
    return f"ZZ99 {area % 9 + 1}{chr(65 + number % 24)}{chr(65 + number // 24 % 24)}"
