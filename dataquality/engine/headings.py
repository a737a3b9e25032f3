"""What column headings say, in English, German, French, Spanish and Chinese."""

import re
import unicodedata
from functools import cache

from dataquality.engine.kinds import Kind

# The first kind whose phrase occurs wins, so narrow meanings stand above wide ones ("account id" above "account").
_PHRASES: tuple[tuple[Kind, str], ...] = (
    (
        Kind.EMAIL,
        "e mail, email, emails, mail address, courriel, correo, correo electronico, adresse mail, 邮箱, 电子邮件, "
        "邮件, メール",
    ),
    (
        Kind.URL,
        "website, web site, url, webseite, internetseite, homepage, web page, site web, sitio web, pagina web, "
        "linkedin, "
        "网址, 网站, 官网",
    ),
    (Kind.DOMAIN, "domain, domain name, domane, domaine, dominio, 域名"),
    (
        Kind.PHONE,
        "phone, telephone, mobile, mobile no, cell, fax, tel, telefon, mobil, handy, telefax, telefonnummer, "
        "rufnummer, "
        "portable, telefono, movil, celular, 电话, 手机, 传真, 電話",
    ),
    (
        Kind.POSTCODE,
        "zip, postcode, postal code, post code, zip code, zip postal code, plz, postleitzahl, code postal, codigo "
        "postal, cp, "
        "邮编, 邮政编码",
    ),
    (Kind.COUNTRY, "country, country region, land, pays, pais, nation, 国家, 国家地区, 国家或地区, 国"),
    (
        Kind.REGION,
        "state, province, state province, region, county, bundesland, kanton, departement, provincia, estado, "
        "comunidad, "
        "省, 省份, 州, 地区",
    ),
    (
        Kind.CITY,
        "city, town, suburb, ort, stadt, wohnort, ville, commune, ciudad, poblacion, localidad, municipality, 城市, 市",
    ),
    (
        Kind.STREET,
        "street, address, address line, street address, strasse, straße, anschrift, adresse, hausnummer, rue, calle, "
        "direccion, "
        "地址, 街道, 住址",
    ),
    (Kind.CURRENCY, "currency, currency code, iso code, wahrung, devise, moneda, divisa, 货币, 币种"),
    (
        Kind.PERCENT,
        "probability, percent, percentage, wahrscheinlichkeit, prozent, probabilite, pourcentage, probabilidad, "
        "porcentaje, "
        "概率, 百分比, discount rate",
    ),
    (
        Kind.DATETIME,
        "created at, modified at, updated at, timestamp, happened at, systemmodstamp, modified on, created on, "
        "last modified date, create date, created date, last activity date, erstellt am, geandert am, "
        "创建时间, 修改时间, 时间",
    ),
    (
        Kind.DATE,
        "date, day, close date, engage date, closed on, opened on, birthday, birthdate, datum, geburtstag, "
        "abschlussdatum, "
        "jour, fecha, dia, anniversaire, 日期, 生日, 成交日期",
    ),
    (
        Kind.MONEY,
        "amount, price, revenue, value, deal value, close value, sales price, cost, salary, budget, turnover, "
        "betrag, preis, "
        "umsatz, wert, montant, prix, chiffre affaires, importe, precio, ingresos, valor, 金额, 价格, 收入, 营业额",
    ),
    (
        Kind.INTEGER,
        "employees, number of employees, no of employees, count, quantity, age, year, year established, headcount, "
        "mitarbeiter, mitarbeiterzahl, anzahl, menge, jahr, effectif, nombre, annee, empleados, cantidad, ano, "
        "minutes, "
        "员工, 员工人数, 数量, 年份",
    ),
    (
        Kind.BOOLEAN,
        "is active, active, is deleted, is primary, is won, opt out, do not call, do not contact, has opted out, "
        "aktiv, "
        "actif, activo, consent, 是否",
    ),
    (
        Kind.POINTER,
        "account id, contact id, owner id, parent id, company id, parent account, parent, subsidiary of, reports to, "
        "account owner, opportunity owner, contact owner, lead owner, deal owner, company owner, owner, besitzer, "
        "inhaber, proprietaire, propietario, sales agent, manager, associated company ids, associated contact ids, "
        "负责人, 所有者, 上级",
    ),
    (
        Kind.IDENTIFIER,
        "id, guid, uuid, record id, external id, database id, key, number, kennung, identifiant, identificador, "
        "id de registro, row checksum, nr, nummer, code, reference, 编号, 标识",
    ),
    (
        Kind.GIVEN,
        "first name, given name, forename, firstname, vorname, prenom, nombre de pila, primer nombre, 名, 名字",
    ),
    (
        Kind.FAMILY,
        "last name, family name, surname, lastname, nachname, familienname, nom de famille, apellido, apellidos, 姓, "
        "姓氏",
    ),
    (
        Kind.COMPANY,
        "company, account name, company name, organization, organisation, firm, employer, account, firma, firmenname, "
        "unternehmen, kunde, entreprise, societe, raison sociale, empresa, compania, cuenta, customer, "
        "公司, 公司名称, 客户, 客户名称, 单位",
    ),
    (
        Kind.PERSON,
        "full name, contact name, person, contact, name of contact, ansprechpartner, kontakt, nom complet, nombre "
        "completo, "
        "姓名, 联系人",
    ),
    (
        Kind.CHOICE,
        "status, stage, type, industry, sector, priority, rating, source, lead source, category, segment, series, "
        "family, "
        "salutation, role, deal stage, phase, branche, typ, herkunft, statut, etape, secteur, tipo, etapa, origen, "
        "anrede, "
        "lifecycle stage, regional office, office, gender, language, 状态, 阶段, 类型, 行业, 来源, 职务类别",
    ),
    (
        Kind.TEXT,
        "name, title, job title, description, note, notes, comment, comments, subject, position, department, "
        "beschreibung, bemerkung, notiz, titel, betreff, intitule, remarque, descripcion, asunto, nom, nombre, "
        "备注, 描述, 说明, 职位, 部门, 名称, 主题",
    ),
)


def heading_words(heading: str) -> str:
    """A heading as plain lower-case words: `Billing Zip/Postal Code` and `MailingPostalCode` read alike."""
    text = re.sub(r"\(do not modify\)", " ", heading, flags=re.IGNORECASE)
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", text)
    text = unicodedata.normalize("NFKD", text).casefold()
    text = "".join(sign for sign in text if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[\W_]+", " ", unicodedata.normalize("NFC", text)).split())


def kinds_of_heading(heading: str) -> list[Kind]:
    """The kinds a heading may mean, the best first: the longest phrase, and strong words before passing ones."""
    words = f" {heading_words(heading)} "
    found = []
    for rank, (kind, phrases) in enumerate(_phrases()):
        longest = max((len(phrase) for phrase in phrases if _occurs(phrase, words)), default=0)
        if longest:
            found.append((longest < len(words) - 2 and kind in _PASSING, -longest, rank, kind))
    return [kind for *_, kind in sorted(found)]


# Words that other headings use in passing: an `Account City` is a city, a `Contact Phone` a phone.
_PASSING = frozenset({Kind.TEXT, Kind.COMPANY, Kind.CHOICE, Kind.IDENTIFIER, Kind.PERSON, Kind.REGION})


@cache
def _phrases() -> tuple[tuple[Kind, tuple[str, ...]], ...]:
    return tuple((kind, tuple(heading_words(phrase) for phrase in listed.split(","))) for kind, listed in _PHRASES)


def _occurs(phrase: str, words: str) -> bool:
    if not phrase.isascii():
        return phrase in words if len(phrase) > 1 else words.strip() == phrase or words.strip().endswith(phrase)
    return f" {phrase} " in words
