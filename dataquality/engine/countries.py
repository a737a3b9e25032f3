"""Countries as people write them, and the ISO 3166 code they mean."""

import re
import unicodedata
from functools import cache, lru_cache

import pycountry
from rapidfuzz.distance import OSA

_ALIASES = {
    "US": "usa, u s a, u s, united states of america, america, estados unidos, etats unis, vereinigte staaten, "
    "vereinigte staaten von amerika, 美国, 美國, アメリカ, stati uniti",
    "GB": "uk, u k, great britain, britain, england, scotland, wales, northern ireland, grossbritannien, "
    "vereinigtes konigreich, royaume uni, reino unido, 英国, 英國, イギリス",
    "KR": "south korea, republic of korea, korea south, sudkorea, coree du sud, corea del sur, "
    "韩国, 韓國, 대한민국, 한국",
    "KP": "north korea, dprk, korea north, nordkorea, coree du nord, corea del norte, 朝鲜, 北朝鮮",
    "DE": "deutschland, allemagne, alemania, 德国, 德國, ドイツ, germania, federal republic of germany",
    "FR": "frankreich, francia, 法国, 法國, フランス",
    "ES": "espana, spanien, espagne, 西班牙, spagna",
    "IT": "italien, italia, italie, 意大利",
    "AT": "osterreich, oesterreich, autriche, 奥地利",
    "CH": "schweiz, suisse, svizzera, suiza, 瑞士",
    "NL": "holland, the netherlands, niederlande, pays bas, nederland, paises bajos, 荷兰",
    "BE": "belgien, belgique, belgie, belgica, 比利时",
    "LU": "luxemburg",
    "DK": "danemark, danmark, danemarque, 丹麦",
    "SE": "schweden, suede, sverige, suecia, 瑞典",
    "NO": "norwegen, norvege, norge, noruega, 挪威",
    "FI": "finnland, finlande, suomi, finlandia, 芬兰",
    "PL": "polen, pologne, polska, polonia, 波兰",
    "CZ": "czech republic, czechia, tschechien, ceska republika, cesko",
    "PT": "portogallo, 葡萄牙",
    "IE": "republic of ireland, irland, irlande, eire, irlanda, 爱尔兰",
    "GR": "griechenland, grece, grecia, hellas, ελλαδα, 希腊",
    "HU": "ungarn, hongrie, magyarorszag, hungria",
    "RO": "rumanien, roumanie, rumania",
    "BG": "bulgarien, bulgarie",
    "HR": "kroatien, croatie, hrvatska, croacia",
    "RU": "russia, russian federation, russland, russie, rusia, россия, 俄罗斯",
    "UA": "украина, україна, ucrania",
    "TR": "turkey, turkei, turkiye, turquie, turquia, 土耳其",
    "CN": "pr china, p r china, prc, people s republic of china, mainland china, chine, 中国, 中华人民共和国, 中國",
    "HK": "hong kong sar, hongkong, 香港",
    "MO": "macau, macao sar, 澳门",
    "TW": "taiwan, roc, 台湾, 臺灣, 台灣",
    "JP": "japon, giappone, 日本",
    "SG": "singapur, singapour, 新加坡",
    "MY": "马来西亚",
    "TH": "泰国",
    "ID": "印度尼西亚",
    "VN": "vietnam, viet nam, 越南",
    "PH": "the philippines, philippinen, filipinas, 菲律宾",
    "IN": "indien, inde, 印度",
    "LA": "laos",
    "MM": "burma",
    "BN": "brunei",
    "IR": "iran",
    "SY": "syria",
    "PS": "palestine",
    "AE": "uae, u a e, emirates, vereinigte arabische emirate, 阿联酋",
    "SA": "saudi arabien, ksa, 沙特阿拉伯",
    "BR": "brasil, brasilien, bresil, 巴西",
    "MX": "mexiko, mexique, 墨西哥",
    "AR": "argentinien, argentine, 阿根廷",
    "BO": "bolivia",
    "VE": "venezuela",
    "CL": "chili",
    "CO": "kolumbien",
    "PE": "perou",
    "CA": "kanada, 加拿大",
    "AU": "australien, australie, 澳大利亚",
    "NZ": "neuseeland, nouvelle zelande, 新西兰",
    "ZA": "sudafrika, afrique du sud, sudafrica, rsa, 南非",
    "EG": "agypten, egypte, egipto, 埃及",
    "MA": "marokko, maroc",
    "CI": "ivory coast, cote d ivoire, elfenbeinkuste",
    "CD": "dr congo, drc, democratic republic of the congo, congo kinshasa",
    "CG": "republic of the congo, congo brazzaville",
    "TZ": "tanzania",
    "MD": "moldova",
    "MK": "macedonia, north macedonia",
    "SZ": "swaziland",
    "CV": "cape verde",
    "TL": "east timor",
    "VA": "vatican",
    "FM": "micronesia",
    "XK": "kosovo",
}
# Names that two countries share: a question for a person, never a suggestion.
_SHARED = {
    "korea": ("South Korea", "North Korea"),
    "corea": ("South Korea", "North Korea"),
    "coree": ("South Korea", "North Korea"),
    "朝鲜半岛": ("South Korea", "North Korea"),
    "congo": ("Congo", "Democratic Republic of the Congo"),
    "kongo": ("Congo", "Democratic Republic of the Congo"),
    "virgin islands": ("British Virgin Islands", "U.S. Virgin Islands"),
    "saint martin": ("Saint Martin (French part)", "Sint Maarten (Dutch part)"),
    "samoa islands": ("Samoa", "American Samoa"),
    "guyana francaise": ("French Guiana", "Guyana"),
}
# The name a suggestion is written with, where the ISO list has a stiffer one.
_SPOKEN = {
    "KR": "South Korea",
    "KP": "North Korea",
    "TW": "Taiwan",
    "VN": "Vietnam",
    "BO": "Bolivia",
    "VE": "Venezuela",
    "IR": "Iran",
    "TZ": "Tanzania",
    "MD": "Moldova",
    "RU": "Russia",
    "SY": "Syria",
    "LA": "Laos",
    "BN": "Brunei",
    "TR": "Turkey",
    "CZ": "Czechia",
    "PS": "Palestine",
    "CD": "Democratic Republic of the Congo",
    "XK": "Kosovo",
    "FM": "Micronesia",
    "NL": "Netherlands",
}


def folded_country(text: str) -> str:
    """A country's name without case, accents, dots and double spaces."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[\W_]+", " ", unicodedata.normalize("NFC", plain)).split())


@cache
def country_names() -> dict[str, str]:
    """Every folded name we know and the alpha-2 code it means; shared names are not among them."""
    names: dict[str, str] = {}
    for country in pycountry.countries:
        for attribute in ("name", "official_name", "common_name"):
            if written := getattr(country, attribute, None):
                names.setdefault(folded_country(written), country.alpha_2)
        names[country.alpha_2.casefold()] = names[country.alpha_3.casefold()] = country.alpha_2
    for code, listed in _ALIASES.items():
        names |= {folded_country(alias): code for alias in listed.split(",")}
    names |= {folded_country(name): code for code, name in _SPOKEN.items()}
    for shared in _SHARED:
        names.pop(shared, None)
    return names


@lru_cache(maxsize=16_384)
def iso2(text: str) -> str | None:
    """The alpha-2 code of a country as written in any of the languages we know, else null."""
    return country_names().get(folded_country(text))


def country_name(code: str) -> str:
    """The English name we would write for a code."""
    country = pycountry.countries.get(alpha_2=code)
    return _SPOKEN.get(code) or (str(country.name) if country else code)


def shared_name(text: str) -> tuple[str, ...]:
    """The countries a name may mean where it names several, else nothing."""
    return _SHARED.get(folded_country(text), ())


@lru_cache(maxsize=16_384)
def nearest_countries(text: str) -> tuple[str, ...]:
    """Codes of the countries whose name is one edit away (two, from nine letters on); nearest first, best only."""
    from_names = country_names()
    folded = folded_country(text)
    if len(folded) < 5 or not folded.isascii():
        return ()
    reach = 2 if len(folded) >= 9 else 1
    near: dict[str, int] = {}
    for name, code in from_names.items():
        if len(name) >= 4 and abs(len(name) - len(folded)) <= reach:
            distance = _distance(folded, name, reach)
            if distance <= reach:
                near[code] = min(distance, near.get(code, reach))
    best = min(near.values(), default=0)
    return tuple(sorted(code for code, distance in near.items() if distance == best))


def _distance(one: str, other: str, limit: int) -> int:
    return int(OSA.distance(one, other, score_cutoff=limit))
