"""Company names without their legal form, in every law we know."""

import pytest

from dataquality.engine.kinds import Kind
from tests.engine.standardise.read import column


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Boyd Insurance Corporation", "boyd insurance"),
        ("Acme, Inc.", "acme"),
        ("Acme L.L.C.", "acme"),
        ("Snook Logistics Ltd", "snook logistics"),
        ("Rolls-Royce Holdings P.L.C.", "rolls royce holdings"),
        ("Karalius & Mc Mullen DAC", "karalius and mc mullen"),
        ("Müller GmbH & Co. KG", "muller"),
        ("www.acme.co.uk", "www acme co uk"),
        ("Dr.Oetker", "dr oetker"),
        ("Müller und Söhne oHG", "muller and sohne"),
        ("Startup UG (haftungsbeschränkt)", "startup"),
        ("Wiener Kaffee Ges.m.b.H.", "wiener kaffee"),
        ("Schweizer Uhren Sàrl", "schweizer uhren"),
        ("Labelle Technologies S.A.S.U.", "labelle technologies"),
        ("Société Générale S.A.", "generale"),
        ("Espinosa Design S.L.U.", "espinosa design"),
        ("Lopes, Unipessoal Lda.", "lopes"),
        ("Magalhães Systems Ltda - ME", "magalhaes systems"),
        ("Lomelí & Rojas S.A. de C.V.", "lomeli and rojas"),
        ("Ferrero S.p.A.", "ferrero"),
        ("Rossi S.r.l.", "rossi"),
        ("Philips N.V.", "philips"),
        ("Poppelaars Services B.V.", "poppelaars services"),
        ("Bakkerij Janssens BVBA", "bakkerij janssens"),
        ("Diqua Networks Sp. z o.o.", "diqua networks"),
        ("Xicysta Legal S.A.", "xicysta legal"),
        ("Caenax Energy AB (publ)", "caenax energy"),
        ("Novo Nordisk A/S", "novo nordisk"),
        ("Equinor ASA", "equinor"),
        ("Nokia Oyj", "nokia"),
        ("Škoda Auto a.s.", "skoda auto"),
        ("Pekařství Novák s.r.o.", "pekarstvi novak"),
        ("Gulyás Kft.", "gulyas"),
        ("Ηλιος Α.Ε.", "ilios"),
        ("Yıldız Holding A.Ş.", "yildiz holding"),
        ("Demir Tic. Ltd. Şti.", "demir"),
        ("ООО «Ромашка»", "romashka"),
        ("Ромашка, ООО", "romashka"),
        ("Meena Industries Pvt. Ltd.", "meena industries"),
        ("Grab Holdings Pte. Ltd.", "grab holdings"),
        ("Petronas Sdn. Bhd.", "petronas"),
        ("PT Telkom Indonesia Tbk", "telkom indonesia"),
        ("BHP Pty Ltd", "bhp"),
        ("Sasol (Pty) Ltd", "sasol"),
        ("腾讯科技有限公司", "tengxunkeji"),
        ("腾讯科技股份有限公司", "tengxunkeji"),
        ("阿里巴巴集团", "alibaba"),
        ("トヨタ自動車株式会社", "toyota zidongche"),
        ("株式会社ソニー", "soni"),
        ("㈱ソニー", "soni"),
        ("삼성전자 주식회사", "samseongjeonja"),
        ("(주)카카오", "kakao"),
        ("The Coca-Cola Company", "coca cola"),
    ],
)
def test_the_legal_form_is_no_part_of_the_name(written, name):
    assert column(Kind.COMPANY, written)["name"] == [name]


@pytest.mark.parametrize("written", ["Limited", "Co. Ltd.", "GmbH", "有限公司", "S.A."])
def test_a_name_that_is_only_a_legal_form_stays(written):
    assert column(Kind.COMPANY, written)["name"][0]


def test_the_words_are_sorted_and_said_once_and_the_acronym_has_their_first_letters():
    read = column(Kind.COMPANY, "International Business Machines Corp.", "Bank of the West", "Acme", "Duran Duran Ltd")

    assert read["tokens"] == ["business international machines", "bank west", "acme", "duran"]
    assert read["acronym"] == ["ibm", "bw", None, "dd"]


def test_a_name_without_its_space_takes_the_spelling_that_the_table_has_oftener():
    read = column(Kind.COMPANY, "Vidoter Construction GmbH", "VidoterConstruction", "Vidoter Construction")

    assert read["name"] == ["vidoter construction"] * 3


@pytest.mark.parametrize(
    "nothing", ["n/a", "N/A", "-", "--", "unknown", "Unbekannt", "test", "无", "", "   ", "???", None]
)
def test_a_placeholder_is_no_company(nothing):
    assert column(Kind.COMPANY, nothing)["name"] == [None]
