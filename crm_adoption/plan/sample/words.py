"""Word lists of our own: given names, family names, companies and places; nobody in the sample company is real."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Country:
    """What an address and a telephone number look like in one country, and who lives there."""

    code: str
    name: str
    given: tuple[str, ...]
    family: tuple[str, ...]
    places: tuple[tuple[str, str, str], ...]  # city, postcode with # for a digit, state or ""
    phones: tuple[str, ...]  # with # for a digit; where a range for fiction exists, it is that one
    mobiles: tuple[str, ...]  # where the range for fiction is no valid mobile range, another line stands in
    street: str  # {name} and {number}
    streets: tuple[str, ...]
    forms: tuple[str, ...]
    share: int


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _places(text: str) -> tuple[tuple[str, str, str], ...]:
    found = []
    for line in text.strip().splitlines():
        city, postcode, state = (part.strip() for part in (line + "||").split("|")[:3])
        found.append((city, postcode, state))
    return tuple(found)


GERMAN_GIVEN = _words(
    "Anke Arndt Beate Birgit Bjørn Carsten Dörte Eckhard Friederike Gesine Götz Gudrun Heike Holger Ilse Ingo Jörg "
    "Jürgen Karin Katja Lothar Mareike Meike Nadja Norbert Rüdiger Sabine Silke Sönke Sören Tanja Torsten Ulrike Uwe "
    "Veit Wiebke Wolfgang Yvonne"
)
GERMAN_FAMILY = _words(
    "Ahlmann Bäumler Brückmann Dörrie Eichstädt Fährmann Goßler Grünefeld Häberle Höfner Jäckle Kloßmann Krähwinkel "
    "Küstermann Lüttge Möhrle Mühlhoff Nöthe Oßwald Pfänder Quandler Röhmer Rüttgers Sägebrecht Schönleber Süßkind "
    "Tönnies Überall Vögele Wäschle Weißhaupt Zöllick Bracht Ehmsen Harkort Kettwig Lammerding Reuschel Stolze Trautner"
)
POLISH_GIVEN = _words(
    "Agnieszka Bogusława Czesław Grażyna Jarosław Łukasz Małgorzata Paweł Stanisław Wojciech Zdzisław"
)
POLISH_FAMILY = _words(
    "Błaszczak Chrząszcz Dąbek Gołębiak Jędrusik Kołodziej Łęcki Makówka Piątkiewicz Śliwka Szczęśniak Źródlak Żurek"
)
FRENCH_GIVEN = _words(
    "Adèle Agnès Aurélie Benoît Céline Cédric Clémence Édith Éric Étienne Félicité François Gaëlle Geneviève Hélène "
    "Jérôme Joël Léa Loïc Maëlle Mathéo Noémie Océane Raphaëlle Rémi Sébastien Solène Thérèse Valérie Yannick"
)
FRENCH_FAMILY = _words(
    "Aubépine Beaucastel Béranger Boisrond Châtelet Clairefontaine Delacourbe Desprès Duchêne Émeraud Fontenelle "
    "Guérinot Hautecœur Lagrève Larivée Lemoînard Maréchaux Noirclerc Ormesson Pérolin Quéméneur Rocheblave Sauvageot "
    "Tréhorel Vauquelain Villeméjane"
)
ENGLISH_GIVEN = _words(
    "Alasdair Amelia Bethany Callum Catherine Daniel Edward Eleanor Elizabeth Fiona Gareth Gillian Graham Harriet "
    "Isobel James Jennifer Jonathan Katherine Malcolm Margaret Michael Nicholas Patricia Philippa Rebecca Richard "
    "Robert Samantha Stephen Susan Thomas Timothy Victoria William"
)
ENGLISH_FAMILY = _words(
    "Ashdown Blackthorne Brackenbury Copperfield Cranleigh Dunmore Eastlake Fairweather Fernsby Greenhalgh Hartwell "
    "Hollingbrook Inskip Kettleby Larkspur Lockhartly Merriweather Netherton Oakhurst Pemberley Quillfeather Ravenscar "
    "Silverdale Tattersby Underhay Wetherall Whitlock Yarborough O'Malone McTavend"
)
CHINESE_GIVEN = _words(
    "伟明 秀英 建国 丽华 志强 晓燕 国栋 雪梅 文博 佳怡 浩然 思远 雨桐 子涵 俊杰 美玲 永康 海燕 春兰 宏图"
)
CHINESE_FAMILY = _words("王 李 张 刘 陈 杨 赵 黄 周 吴 徐 孙 胡 朱 高 林 何 郭 马 罗")

COUNTRIES = (
    Country(
        "DE", "Germany", GERMAN_GIVEN, GERMAN_FAMILY,
        _places("Berlin|101##\nHamburg|204##\nMünchen|803##\nKöln|506##\nFrankfurt am Main|603##\nDarmstadt|642##\n"
                "Göttingen|370##\nJena|077##\nLübeck|235##\nTübingen|720##"),
        ("+49 30 23125 ###", "+49 40 66969 ###", "+49 69 90009 ###", "+49 221 4710 ###", "+49 89 99998 ###"),
        ("+49 152 28817 ###", "+49 171 39200 ##", "+49 176 040690 ##"),
        "{name} {number}",
        _words("Ahornallee Birkenstraße Eichenweg Fährgasse Glockengießerwall Lindenstraße Mühlenweg Retortenweg "
               "Schlehenweg Spektralallee Waagestraße Zirkelplatz"),
        ("GmbH", "AG", "GmbH & Co. KG", "e.V."), 30,
    ),
    Country(
        "AT", "Austria", GERMAN_GIVEN, GERMAN_FAMILY,
        _places("Wien|10#0\nGraz|80#0\nLinz|40#0\nInnsbruck|60#0\nSalzburg|50#0"),
        ("+43 1 5120 ###", "+43 316 8200 ##", "+43 732 7711 ##"), ("+43 660 44100 ##", "+43 664 55200 ##"),
        "{name} {number}", _words("Achgasse Destillierweg Enzianweg Gletschergasse Kolbenplatz Murgasse Prismenring"),
        ("GmbH", "AG"), 7,
    ),
    Country(
        "CH", "Switzerland", GERMAN_GIVEN + FRENCH_GIVEN[:8], GERMAN_FAMILY + FRENCH_FAMILY[:8],
        _places("Basel|40##\nZürich|80##\nBern|30##\nGenève|12##\nLausanne|10##\nSt. Gallen|90##"),
        ("+41 61 555 ## ##", "+41 44 555 ## ##", "+41 31 555 ## ##", "+41 22 555 ## ##"),
        ("+41 79 555 ## ##", "+41 76 555 ## ##"),
        "{name} {number}", _words("Bergweg Chemiestrasse Laborweg Rheinuferweg Seefeldgasse Uhrmacherweg Waagrain"),
        ("AG", "SA", "GmbH"), 13,
    ),
    Country(
        "FR", "France", FRENCH_GIVEN, FRENCH_FAMILY,
        _places("Paris|750##\nLyon|6900#\nGrenoble|380##\nToulouse|310##\nStrasbourg|670##\nLille|590##\nRennes|350##"),
        ("+33 1 99 00 ## ##", "+33 4 65 71 ## ##", "+33 5 36 49 ## ##", "+33 3 53 01 ## ##"), ("+33 2 61 91 ## ##",),
        "{number} rue {name}",
        ("des Éprouvettes", "du Cristal", "de la Balance", "des Marronniers", "du Vieux Lavoir", "des Lumières"),
        ("SAS", "SARL", "SA"), 14,
    ),
    Country(
        "GB", "United Kingdom", ENGLISH_GIVEN, ENGLISH_FAMILY,
        _places("London|EC#A 1BB\nLeeds|LS# 4DY\nManchester|M#3 9PL\nCambridge|CB# 1TN\nBristol|BS# 6QF\n"
                "Edinburgh|EH# 3EG"),
        ("+44 20 7946 0###", "+44 113 496 0###", "+44 161 496 0###", "+44 117 496 0###"),
        ("+44 113 496 0###", "+44 117 496 0###"),
        "{number} {name}",
        ("Alembic Row", "Beaker Lane", "Copper Mill Road", "Foundry Street", "Ivy Terrace", "Prism Court"),
        ("Ltd", "plc", "LLP"), 13,
    ),
    Country(
        "US", "United States", ENGLISH_GIVEN, ENGLISH_FAMILY,
        _places("Boston|021##|MA\nSan Diego|921##|CA\nDurham|277##|NC\nMadison|537##|WI\nHouston|770##|TX\n"
                "Philadelphia|191##|PA"),
        ("+1 617-555-01##", "+1 619-555-01##", "+1 919-555-01##", "+1 608-555-01##", "+1 713-555-01##"),
        ("+1 857-555-01##", "+1 215-555-01##"),
        "{number} {name}",
        ("Assay Avenue", "Beacon Hill Drive", "Cyclotron Road", "Maple Hollow Lane", "Spectrum Boulevard"),
        ("Inc.", "LLC", "Corp."), 13,
    ),
    Country(
        "CN", "China", CHINESE_GIVEN, CHINESE_FAMILY,
        _places("上海|2000##\n北京|1000##\n苏州|2150##\n深圳|5180##\n成都|6100##"),
        ("+86 21 5550 ####", "+86 10 5550 ####", "+86 755 2555 ####"), ("+86 138 0055 0###", "+86 139 0055 0###"),
        "{name}{number}号", _words("科学路 仪器街 光谱大道 星湖路 创新一路"),
        ("有限公司",), 10,
    ),
)  # fmt: skip
COUNTRY = {country.code: country for country in COUNTRIES}

STEMS = _words(
    "Abrelux Ambrotec Aquilor Arvendo Bexilon Brunvald Calyxis Cendrava Corvalis Dalmyr Delphora Drevanto Elmquist "
    "Evoryn Fabrelle Feldora Galvento Gramora Haltwin Helvora Ilvaris Inventra Jorvex Kalmera Kestrova Kronvik "
    "Liskara Lumetra Malvero Merandis Mirvalo Nexora Nordquell Obrivan Orlantis Palvera Pendrix Quorvex Ravenvale "
    "Relmora Rostvik Salvetra Sendoral Solvantis Tarvella Tessmar Ulvana Umbrelis Valtoro Velmara Vestrix Wexham "
    "Xandora Yelvert Zandrik Zelvara"
)
SECTORS = {
    "Pharmaceuticals": {"de": "Pharma", "fr": "Pharma", "en": "Pharmaceuticals", "zh": "制药"},
    "Chemicals": {"de": "Chemie", "fr": "Chimie", "en": "Chemicals", "zh": "化工"},
    "Food & Beverage": {"de": "Lebensmittel", "fr": "Agroalimentaire", "en": "Foods", "zh": "食品"},
    "Biotechnology": {"de": "Biotech", "fr": "Biotechnologies", "en": "Biosciences", "zh": "生物技术"},
    "Education": {"de": "Institut", "fr": "Institut", "en": "Research Institute", "zh": "研究院"},
    "Environmental": {"de": "Umweltlabor", "fr": "Environnement", "en": "Environmental Testing", "zh": "环境检测"},
    "Healthcare": {"de": "Diagnostik", "fr": "Diagnostic", "en": "Diagnostics", "zh": "医疗"},
}
LANGUAGE = {"DE": "de", "AT": "de", "CH": "de", "FR": "fr", "GB": "en", "US": "en", "CN": "zh"}
CHINESE_STEMS = _words("恒瑞达 明澄 华测源 科远 瑞景 新谱 天衡 蓝谱 启源 博析 景明 澄湖 中谱 远望源 光衡 正析")
MAIL_SUFFIXES = (".example", ".example", ".example.org", ".example.com", ".example.net")
PINYIN = dict(zip(
    CHINESE_GIVEN + CHINESE_FAMILY,
    _words("weiming xiuying jianguo lihua zhiqiang xiaoyan guodong xuemei wenbo jiayi haoran siyuan yutong zihan "
           "junjie meiling yongkang haiyan chunlan hongtu wang li zhang liu chen yang zhao huang zhou wu xu sun hu "
           "zhu gao lin he guo ma luo"),
    strict=True,
))  # fmt: skip
NICKNAMES = {
    "Catherine": "Cathy", "Daniel": "Dan", "Edward": "Ted", "Eleanor": "Nell", "Elizabeth": "Liz", "James": "Jim",
    "Jennifer": "Jen", "Jonathan": "Jon", "Katherine": "Kate", "Margaret": "Peggy", "Michael": "Mike",
    "Nicholas": "Nick", "Patricia": "Pat", "Philippa": "Pippa", "Rebecca": "Becky", "Richard": "Dick",
    "Robert": "Bob", "Samantha": "Sam", "Stephen": "Steve", "Susan": "Sue", "Thomas": "Tom", "Timothy": "Tim",
    "Victoria": "Vicky", "William": "Bill", "Wolfgang": "Wolf", "Friederike": "Rike", "Katja": "Kati",
    "Geneviève": "Ginette", "François": "Fanfan", "Małgorzata": "Gosia", "Agnieszka": "Aga", "Stanisław": "Staszek",
}  # fmt: skip
TITLES = (
    "Head of Laboratory", "Laboratory Manager", "Purchasing Manager", "Quality Manager", "Research Scientist",
    "Managing Director", "Analytical Chemist", "Service Engineer", "Buyer", "Professor", "Plant Manager",
)  # fmt: skip
DEPARTMENTS = ("Laboratory", "Purchasing", "Quality", "Research", "Management", "Production", "Engineering")
CASE_SUBJECTS = (
    "Baseline drifts after warm-up", "Pump pressure alarm", "Detector lamp below limit", "Autosampler needle bent",
    "Software does not find the instrument", "Calibration certificate missing", "Leak at the column oven",
    "Balance reading unstable", "Replacement part needed", "Question about the method transfer",
)  # fmt: skip
CALL_SUBJECTS = ("Call about the quotation", "Call back on delivery date", "First call", "Call about the trial")
VISIT_SUBJECTS = ("Visit: demonstration on site", "Visit: needs of the laboratory", "Visit: installation talk")
MAIL_SUBJECTS = ("Quotation sent", "Brochure sent", "Follow-up after the visit", "Reply to technical question")
TASK_SUBJECTS = ("Prepare quotation", "Check stock of spare parts", "Send sample report", "Remind of the tender")
