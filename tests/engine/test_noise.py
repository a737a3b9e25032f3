"""Noise, suggestions and spelling: few false alarms, and the right word where it is plain."""

from pathlib import Path

import polars as pl
import pytest

from dataquality.engine.kinds import Kind
from dataquality.engine.noise import near_neighbours, pivot
from dataquality.engine.spelling import spelling
from dataquality.engine.suggest import pointer_suggestions


def counts(**numbers: int) -> pl.DataFrame:
    return pl.DataFrame({"value": [name.replace("_", " ") for name in numbers], "n": list(numbers.values())})


def of(values: pl.Series) -> pl.DataFrame:
    return values.drop_nulls().value_counts(name="n").rename({values.name: "value"})


def near(table: pl.DataFrame, limit: int = 50) -> dict[str, tuple[str, int]]:
    return {
        value: (other, distance) for value, _, _, other, _, distance in near_neighbours(table, limit=limit).iter_rows()
    }


def test_a_rare_value_close_to_a_frequent_one_is_noise_with_its_share():
    table = counts(Technology=95, Technolgy=5, Retail=100)

    assert near_neighbours(table, limit=5).rows() == [("Technolgy", 5, 0.025, "Technology", 95, 1)]


def test_values_that_differ_only_in_writing_are_at_no_distance():
    assert near(counts(GTX_Pro=10, GTXPro=9, gtx_pro=1)) == {"GTXPro": ("GTX Pro", 0), "gtx pro": ("GTX Pro", 0)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Model 1", "Model 2"),
        ("Iran", "Iraq"),
        ("Cat", "Car"),
        ("北京市", "北海市"),
        ("Retail", "Medical"),
        ("C++", "C#"),
        ("A1-2024", "A1-2025"),
    ],
)
def test_different_things_are_not_noise(one, other):
    frequent = {"Iran": 3, "Iraq": 2}  # neighbours of like frequency are two values
    table = pl.DataFrame({"value": [one, other], "n": [frequent.get(one, 100), frequent.get(other, 1)]})

    assert near(table) == {}


def test_the_list_is_cut_at_its_limit_and_an_empty_column_has_none():
    table = counts(Technology=90, Technolgy=5, Tecnology=4)

    assert near_neighbours(table, limit=1)["value"].to_list() == ["Technolgy"]
    assert near_neighbours(table.clear(), limit=5).height == 0


def test_the_pivot_shows_every_value_and_what_the_slips_lie_near():
    rows = pivot(counts(Technology=95, Technolgy=5), limit=10).select("value", "n", "share", "near").rows()

    assert rows == [("Technology", 95, pytest.approx(0.95), None), ("Technolgy", 5, pytest.approx(0.05), "Technology")]


def test_a_dangling_pointer_gets_the_single_target_that_differs_in_writing_only():
    found = pointer_suggestions(
        pl.Series(["GTXPro", "gtx  pro", "GTX Pro", "Nothing like it", "", None]), pl.Series(["GTX Pro", "GTX Basic"])
    )

    assert found.select("value", "suggestion", "reason").rows() == [
        ("GTXPro", "GTX Pro", "same_but_writing"),
        ("gtx  pro", "GTX Pro", "same_but_writing"),
    ]


@pytest.mark.parametrize(
    "slip", ["Betasolion", "Betasoloi", "Betasoloinn", "etasoloin", "Betssoloin", "Beatsoloin", "betasoloni"]
)
def test_one_slip_anywhere_in_a_name_is_found(slip):
    assert pointer_suggestions(pl.Series([slip]), pl.Series(["Betasoloin", "Cancity", "Isdom"]))[
        "suggestion"
    ].to_list() == ["Betasoloin"]


def test_several_targets_are_listed_and_none_is_suggested():
    found = pointer_suggestions(
        pl.Series(["Acme Ltx", "gtxpro"]), pl.Series(["Acme Ltd", "Acme Lts", "GTX Pro", "GTXPro"])
    )

    assert found.rows() == [
        ("Acme Ltx", None, "several", ["Acme Ltd", "Acme Lts"]),
        ("gtxpro", None, "several", ["GTX Pro", "GTXPro"]),
    ]


def test_another_figure_or_another_chinese_sign_is_another_thing():
    assert (
        pointer_suggestions(pl.Series(["GTX 2000", "上海电力公司"]), pl.Series(["GTX 3000", "上海电气公司"])).height
        == 0
    )


def test_a_misspelt_word_is_found_though_the_right_one_stands_nowhere():
    table = counts(technolgy=12, medical=12, retail=17, Marketting=2, software=7, HEALTHCARE=1, Finacial_services=3)
    found = spelling(table, kind=Kind.CHOICE)

    assert {value: suggestion for value, _, suggestion, *_ in found.iter_rows()} == {
        "technolgy": "technology",
        "Marketting": "Marketing",
        "Finacial services": "Financial services",
    }


def test_a_value_close_to_a_known_one_is_meant_to_be_it():
    found = spelling(counts(Prospectng=1, Prospecting=5), kind=Kind.CHOICE, known=["Prospecting", "Engaging"])

    assert found.rows() == [("Prospectng", 1, "Prospecting", ["Prospecting"], "known_value")]


def test_countries_are_put_right_and_a_shared_name_is_a_question():
    found = spelling(counts(Philipines=1, Korea=1, Germany=5, Jordan=2, Brasil=1, Kongo=1), kind=Kind.COUNTRY)

    assert {value: (suggestion, candidates) for value, _, suggestion, candidates, _ in found.iter_rows()} == {
        "Philipines": ("Philippines", ["Philippines"]),
        "Korea": (None, ["South Korea", "North Korea"]),
        "Kongo": (None, ["Congo", "Democratic Republic of the Congo"]),
    }


INDUSTRIES = (
    "Agriculture;Apparel;Banking;Biotechnology;Chemicals;Communications;Construction;Consulting;Education;"
    "Electronics;Energy;Engineering;Entertainment;Environmental;Finance;Food & Beverage;Government;"
    "Healthcare;Hospitality;Insurance;Machinery;Manufacturing;Media;Not For Profit;Recreation;Retail;"
    "Shipping;Technology;Telecommunications;Transportation;Utilities;medical;employment;fintech;ecommerce;"
    "e-commerce;biotech;jewellery;organisation;logistics;cybersecurity;agritech;healthtech;SaaS;B2B;"
    "nonprofit;aerospace;semiconductors;Aluminium;Tyres;Fibre;Real Estate;Wholesale;Pharmaceuticals;"
    "Oil & Gas;Automotive;Cosmetics;Publishing;Veterinary;Accounting;Airlines;Animation;Apparel & Fashion;"
    "Arts and Crafts;Aviation;Broadcast Media;Capital Markets;Civil Engineering;Computer Games;Dairy;"
    "Defense & Space;Dermatology;Fishery;Fundraising;Furniture;Gambling & Casinos;"
    "Glass, Ceramics & Concrete;Horticulture;Import and Export;Judiciary;Leisure;Maritime;Mechatronics;"
    "Metalworking;Microbrewery;Museums;Nanotechnology;Newspapers;Orthodontics;Outsourcing/Offshoring;"
    "Philanthropy;Photovoltaics;Plastics;Ranching;Robotics;Staffing;Supermarkets;Textiles;Tobacco;"
    "Translation;Warehousing;Wine and Spirits;Wireless;Homebuilding;Aquaculture;Telehealth;Telemedicine;"
    "Cloud;Devops;Datacenter;Onboarding;Prospecting;Qualification;Closed Won;Closed Lost;Cold Call;"
    "Webinar;Tradeshow;Referral;Partner;Employee Referral;Word of mouth;Inbound;Outbound;"
    "Open - Not Contacted;Working - Contacted;Unqualified;Nurturing;Marketing Qualified Lead;Evangelist;"
    "Subscriber;"
)


def test_right_words_of_business_are_never_called_misspelt():
    industries = INDUSTRIES.rstrip(";").split(";")
    table = pl.DataFrame({"value": industries, "n": [1] * len(industries)})

    assert spelling(table, kind=Kind.CHOICE).rows() == []


@pytest.mark.parametrize(
    "values",
    [
        ["Industrie", "Handel", "Technologie", "Gesundheit", "Bildung"],
        ["Industrie", "Commerce", "Santé", "Technologie"],
        ["Industria", "Comercio", "Tecnología", "Salud"],
        ["金融", "零售", "制造业"],
        ["Teknologi", "Handel", "Finans"],
    ],
)
def test_other_languages_are_not_bad_english(values):
    assert spelling(pl.DataFrame({"value": values, "n": [9] * len(values)}), kind=Kind.CHOICE).rows() == []


@pytest.mark.parametrize(
    "kind", [Kind.COMPANY, Kind.PERSON, Kind.GIVEN, Kind.FAMILY, Kind.TEXT, Kind.CITY, Kind.IDENTIFIER]
)
def test_proper_names_have_no_spelling(kind):
    assert spelling(counts(technolgy=3, Betasoloin=1), kind=kind).height == 0


def test_a_real_export_gets_its_three_plain_repairs_and_nothing_else(shared_data: Path):
    folder = shared_data / "maven-crm"
    accounts, products, pipeline = (
        pl.read_csv(folder / f"{name}.csv", infer_schema=False) for name in ("accounts", "products", "sales_pipeline")
    )

    sectors = spelling(of(accounts["sector"]), kind=Kind.CHOICE).select("value", "n", "suggestion").rows()
    offices = (
        spelling(of(accounts["office_location"]), kind=Kind.COUNTRY)
        .select("value", "n", "suggestion", "candidates")
        .rows()
    )
    pointers = pointer_suggestions(pipeline["product"], products["product"])
    names = pointer_suggestions(accounts["subsidiary_of"], accounts["account"])

    assert sectors == [("technolgy", 12, "technology")]
    assert offices == [
        ("Korea", 1, None, ["South Korea", "North Korea"]),
        ("Philipines", 1, "Philippines", ["Philippines"]),
    ]
    assert pointers.select("value", "suggestion").rows() == [("GTXPro", "GTX Pro")]
    assert names.height == 0
