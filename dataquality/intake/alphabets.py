"""How plausible a text is in each legacy encoding, judged by the letters it would consist of.

A wrong encoding shows itself in letters that no language mixes: Czech names full of Danish letters, rare
ideographs between Latin letters, Cyrillic words with capitals at their ends. Every score is a mean over
the letters beyond ASCII, at most about 1.
"""

from __future__ import annotations

import unicodedata
from itertools import combinations

# Letters beyond ASCII of languages that an encoding can write, small ones; capitals follow.
WESTERN = {
    "German": "äöüß",
    "French": "àâçéèêëîïôùûœæ",
    "Spanish": "áéíóúüñ",
    "Portuguese": "áâãàçéêíóôõú",
    "Italian": "àèéìòù",
    "Nordic": "åäöæøé",
    "Dutch": "éëïöü",
    "Icelandic": "áéíóúýðþæö",
}
CENTRAL = {
    "Polish": "ąćęłńóśźż",
    "Czech": "áčďéěíňóřšťúůýž",
    "Slovak": "áäčďéíľĺňóôŕšťúýž",
    "Hungarian": "áéíóöőúüű",
    "Romanian": "ăâîşţ",
    "Croatian": "čćđšž",
}
LATIN: dict[str, dict[str, str]] = {
    "cp1252": WESTERN,
    "cp1250": CENTRAL,
    "cp1254": {"Turkish": "çğıöşüâîİ"},
    "cp1257": {"Baltic": "āčēģīķļņšūžąęėįųõäöü"},
    "mac_roman": WESTERN,
    "cp850": WESTERN,
}
# Scripts by the first word of the letters' Unicode names, with their commonest letters.
SCRIPTS: dict[str, tuple[str, str]] = {
    "cp1251": ("CYRILLIC", "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъёіїєґ"),
    "koi8_r": ("CYRILLIC", "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё"),
    "cp866": ("CYRILLIC", "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё"),
    "cp1253": ("GREEK", "αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώ"),
    "cp1255": ("HEBREW", "אבגדהוזחטיכלמנסעפצקרשתךםןףץ"),
    "cp1256": ("ARABIC", "ابتثجحخدذرزسشصضطظعغفقكلمنهويةىءأإآؤئ"),
    "cp874": ("THAI", "กขคงจชซญดตถทธนบปผพฟภมยรลวศสหอะาิีึืุูเแโใไ่้์ั็ำ"),
}
# Characters that business text uses most, names and places and headings included.
SIMPLIFIED = set(
    "的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小么心多天而能好都然没日于起还发成事只作当"
    "想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美点月明其种声全工己话儿者向情部正名定女"
    "问力机给等几很业最间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信北少关并内加化由却代军产入先山五太水万市眼体别处总才场师书比住"
    "员九笑性通目华报立马命张活难神数件安表原车白应路期叫死常提感金何更反合放做系计或司利受光王果亲界及今京务制解各任至清物台象记边共风战干接它许"
    "李刘陈杨黄赵吴周徐孙朱胡郭林罗郑梁谢宋唐邓冯韩曹曾彭肖蔡潘田董袁余叶杜苏魏程吕丁沈伟芳娜敏静丽强磊军洋勇艳杰娟涛超秀霞刚桂英姓编号邮箱城电话"
    "客户联系地址省区县街广深圳州南天津重庆武汉成都杭苏称职备注类型状态金额日期负责手机传真网站行业"
)
TRADITIONAL = set(
    "的一是不了在人有我他這中大來上國個到說們為子和你地出道也時年得就那要下以生會自著去之過家學對可里後小麼心多天而能好都然沒日於起還發成事只作當"
    "想看文無開手十用主行方又如前所本見經頭面公同三已老從動兩長知民樣現分將外但身些與高意進把法此實回二理美點月明其種聲全工己話兒者向情部正名定女"
    "問力機給等幾很業最間新什打便位因重被走電四第門相次東政海口使教西再平真聽世氣信北少關並內加化由卻代軍產入先山五太水萬市眼體別處總才場師書比住"
    "李劉陳楊黃趙吳周徐孫朱胡郭林羅鄭梁謝宋唐鄧馮韓曹曾彭蕭蔡潘田董袁余葉杜蘇魏程呂丁沈許功蓋怡君雅婷志明淑芬俊傑建宏美玲姓編號郵箱城電話"
    "客戶聯絡地址省區縣街台臺灣北高雄中南桃園新竹基隆稱職備註類型狀態金額日期負責手機傳真網站行業司香港九龍"
)
JAPANESE = set(
    "日一国会人年大十二本中長出三同時政事自行社見月分議後前民生連五発間対上部東者党地合市業内相方四定今回新場金員九入選立開手米力学問高代明実円関"
    "決子動京全目表戦経通外最言氏現理調体化田当八六約主題下首意法不来作性的要用制治度務強気小七成期公野協取都和統以機平総加山思家話世受区領多県続進正"
    "佐藤鈴木橋渡辺伊村小林加吉松井清斎阿池中島森原岡川石前後太郎花子健裕美恵由紀番号氏名住所電話会社担当者阪府神奈横浜名古屋札幌福広島沖縄千葉埼玉"
)
HANGUL = set(
    "이가나다라마바사아자차카타파하고는을를에의은한로서도지기시대인정과부전리그해수일제동성상주구보원장조공국여적중소경어있니러오우유자안무사신민영경진"
    "현준호철수김박최강윤임송조권황홍문양배백허남심노하곽차주우민서울산광천대전세종북충청강릉릉포항창원수원성남용인고양번호름이메일전화회사주소도시직책담당"
    "자등록날짜금액상태름객연락처방각부산광역시길동읍면리관미선희숙자옥순복혜은연지예나윤빈채린재혁훈석환태승규상범"
)
SYMBOLS = set("“”‘’„‚«»‹›–—…€£§°©®™·•¿¡ª º²³½¼¾\u00a0´×№¨")


# What CRM exports are written in today counts for a little, what only old machines wrote against.
PRIOR = {"cp1252": 0.04, "cp1257": -0.1, "mac_roman": -0.1, "cp850": -0.1, "cp866": -0.1, "koi8_r": -0.02}
# Russian is no plausible Greek or Hebrew, but the other way round it is, so those come first in a tie.
JUDGED = [
    "cp1252",
    *("gb18030", "cp950", "cp932", "cp949", "euc_jp"),
    *("cp1253", "cp1255", "cp1256", "cp874", "cp1251", "koi8_r", "cp866"),
    *("cp1250", "cp1254", "cp1257", "mac_roman", "cp850"),
]


def score(encoding: str, text: str) -> float:
    """How plausible `text`, decoded as `encoding`, is; about 1 at best, below 0 for nonsense."""
    prior = PRIOR.get(encoding, 0.0)
    if encoding in LATIN:
        return _latin(text, LATIN[encoding]) + prior
    if encoding in SCRIPTS:
        return _script(text, *SCRIPTS[encoding]) + prior
    return _ideographs(encoding, text) + prior


def _latin(text: str, languages: dict[str, str]) -> float:
    """The share of letters that one language of the encoding has, or, a little less trusted, two languages."""
    letters, fixed, total = _letters_in_words(text)
    if not total:
        return 0.0
    alphabets = [set(small) | set(small.upper()) for small in languages.values()]
    counts = {letter: letters.count(letter) for letter in set(letters)}

    def covered(alphabet: set[str]) -> float:
        return (sum(n for letter, n in counts.items() if letter in alphabet) + fixed) / total

    alone = max(covered(alphabet) for alphabet in alphabets)
    pairs = [covered(one | other) - 0.06 for one, other in combinations(alphabets, 2)]
    return max([alone, *pairs])


def _letters_in_words(text: str) -> tuple[list[str], float, int]:
    """Letters beyond ASCII, the worth of the other signs, and how many there are of both."""
    letters, fixed, total = [], 0.0, 0
    for place, sign in enumerate(text):
        if sign < "\x80":
            continue
        total += 1
        before, after = text[place - 1 : place] if place else "", text[place + 1 : place + 2]
        inside = before.isalpha() and after.isalpha()
        if sign.isalpha():
            if before >= "\x80" and before.isalpha() and after >= "\x80" and after.isalpha():
                fixed -= 0.5  # three in a row are no Latin word
            elif sign.isupper() and before.islower():
                fixed -= 0.2
            elif not before.isalpha() and not after.isalpha():
                fixed += 0.5  # a letter alone is rarely a word
            else:
                letters.append(sign)
        elif sign in "’\u00a0–" or (sign in SYMBOLS and not inside):
            fixed += 1.0
        else:
            fixed -= 0.5
    return letters, fixed, total


def _script(text: str, name: str, common: str) -> float:
    """Words wholly of one script, capitals only at their beginning or throughout."""
    total, worth = 0, 0.0
    for place, sign in enumerate(text):
        if sign < "\x80":
            continue
        total += 1
        before, after = text[place - 1 : place] if place else "", text[place + 1 : place + 2]
        if not unicodedata.name(sign, "").startswith(name):
            worth += 0.5 if sign in SYMBOLS and not before.isalpha() else -0.5
        elif _is_latin(before) or _is_latin(after) or (sign.isupper() and before.islower()):
            worth -= 0.7
        elif not before.isalpha() and not after.isalpha():
            worth += 0.5
        else:
            worth += 1.0 if sign.lower() in common else 0.1
    return worth / total if total else 0.0


def _ideographs(encoding: str, text: str) -> float:
    total, worth = 0, 0.0
    for place, sign in enumerate(text):
        if sign < "\x80":
            continue
        total += 1
        worth += _worth(encoding, sign)
        if _is_latin(text[place - 1 : place]) or _is_latin(text[place + 1 : place + 2]):
            worth -= 0.4
    return worth / total if total else 0.0


def _is_latin(sign: str) -> bool:
    return sign.isascii() and sign.isalpha()


def _worth(encoding: str, sign: str) -> float:
    code = ord(sign)
    if 0x3000 <= code <= 0x303F or 0xFF01 <= code <= 0xFF5E:
        return 0.6
    if encoding in ("cp932", "euc_jp"):
        if 0x3040 <= code <= 0x30FF:
            return 0.9
        return 1.0 if sign in JAPANESE else _by_lead(sign, "shift_jis", 0x88, 0x97)
    if encoding == "cp949":
        if 0xAC00 <= code <= 0xD7A3:
            return 1.0 if sign in HANGUL else 0.7 if _encodes(sign, "euc_kr") else 0.3
        return 0.0
    if encoding == "gb18030":
        return 1.0 if sign in SIMPLIFIED else _by_lead(sign, "gb2312", 0xB0, 0xD7)
    return 1.0 if sign in TRADITIONAL else _by_lead(sign, "big5", 0xA4, 0xC6)


def _by_lead(sign: str, charset: str, first: int, last: int) -> float:
    """A common ideograph stands in the first level of its national character set."""
    try:
        lead = sign.encode(charset)[0]
    except UnicodeEncodeError:
        return -0.1
    return 0.5 if first <= lead <= last and sign.isalpha() else 0.1 if sign.isalpha() else -0.2


def _encodes(sign: str, charset: str) -> bool:
    try:
        sign.encode(charset)
    except UnicodeEncodeError:
        return False
    return True
