"""Splink 5 on DuckDB, set up after its tutorial: library comparisons by kind, term frequencies, EM in several sessions.

Blocking rules are those its documentation shows for persons and businesses; one that would give more than `MOST` pairs
a record is left out, as its guide on blocking advises. Clusters are cut at 0.95, as in its examples.
"""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from benchmarks.matching_peers.orders import Order, at_thresholds

MOST = 60
CUT = 0.95


def comparisons(order: Order) -> list[Any]:
    made: list[Any] = []
    columns = set(order.columns)
    people = {"given", "family"} <= columns
    if people and "company" in columns and len(columns & {"street", "postcode", "city"}) > 1:
        made.append(place([name for name in ("street", "postcode", "city") if name in columns]))
        columns -= {"street", "postcode", "city", "country"}
    if {"given", "family"} <= columns:
        made.append(cl.ForenameSurnameComparison("given", "family", forename_surname_concat_col_name="full_name"))
    else:
        made += [cl.NameComparison(name) for name in ("given", "family") if name in columns]
    for name, kind in order.columns.items():
        if name not in columns:
            continue
        match kind:
            case "company":
                made.append(
                    cl.JaroWinklerAtThresholds(name, [0.95, 0.88, 0.8]).configure(term_frequency_adjustments=True)
                )
            case "email" if people and "company" in columns:
                made.append(colleagues(name))
            case "email":
                made.append(cl.EmailComparison(name))
            case "phone" if people and "company" in columns:
                made.append(cl.ExactMatch(name).configure(term_frequency_adjustments=True))
            case "phone" | "identifier":
                made.append(cl.LevenshteinAtThresholds(name, [1, 2]).configure(term_frequency_adjustments=True))
            case "date":
                made.append(cl.DateOfBirthComparison(name, input_is_string=True))
            case "postcode":
                made.append(cl.LevenshteinAtThresholds(name, [1, 2]).configure(term_frequency_adjustments=True))
            case "street":
                made.append(cl.JaroWinklerAtThresholds(name, [0.95, 0.88]).configure(term_frequency_adjustments=True))
            case "city" | "domain":
                made.append(cl.JaroWinklerAtThresholds(name, [0.92]).configure(term_frequency_adjustments=True))
            case "region" | "country" | "category":
                made.append(cl.ExactMatch(name).configure(term_frequency_adjustments=True))
            case "text":
                made.append(cl.JaroWinklerAtThresholds(name, [0.95, 0.85]))
    return made


def colleagues(name: str) -> Any:
    """E-mail where people share a domain: whole addresses that are merely alike are those of colleagues."""
    local = f"split_part({name}_l, '@', 1) = split_part({name}_r, '@', 1)"
    return cl.CustomComparison(
        output_column_name=name,
        comparison_levels=[
            cll.NullLevel(name),
            cll.ExactMatchLevel(name, term_frequency_adjustments=True),
            cll.CustomLevel(local, label_for_charts="same name before the @"),
            cll.LevenshteinLevel(name, 1),
            cll.ElseLevel(),
        ],
    )


def place(columns: list[str]) -> Any:
    """Street, postcode and city as one comparison, since one follows from the other."""
    null = " AND ".join(f"({name}_l IS NULL OR {name}_r IS NULL)" for name in columns)
    return cl.CustomComparison(
        output_column_name="place",
        comparison_levels=[
            {"sql_condition": null, "label_for_charts": "nothing to compare", "is_null_level": True},
            *(cll.ExactMatchLevel(name, term_frequency_adjustments=True) for name in columns),
            cll.ElseLevel(),
        ],
    )


def rules(order: Order) -> list[tuple[str, ...]]:
    """Columns (or SQL) that block together; the first two or three also part the EM sessions."""
    has = set(order.columns)
    wanted: list[tuple[str, ...]] = [(name,) for name in order.of("email", "identifier", "phone")]
    dates, places = order.of("date"), order.of("postcode", "city")
    companies, streets = order.of("company"), order.of("street")
    if {"given", "family"} & has:
        wanted += [("given", "family")] if {"given", "family"} <= has else []
        for side in sorted({"given", "family"} & has):
            wanted += [(side, other) for other in (*dates, *companies, *places, *streets)]
            wanted += [(f"substr({side},1,3)", date) for date in dates]
        wanted += [(date, place) for date in dates for place in places]
        wanted += [(name,) for name in (*dates, *sorted({"given", "family"} & has))]
    for company in companies:
        wanted += [(company,)] if not {"given", "family"} & has else []
        wanted += [(f"substr({company},1,4)", other) for other in (*places, *order.of("phone"))]
        wanted += [(f"substr({company},1,8)",)] if not {"given", "family"} & has else []
    if not {"given", "family"} & has:
        wanted += [(street,) for street in streets] + [(domain,) for domain in order.of("domain")]
        wanted += [(f"split_part({text},' ',1)", f"split_part({text},' ',2)") for text in order.of("text")[:2]]
    return list(dict.fromkeys(wanted))


def certain(order: Order) -> list[tuple[str, ...]]:
    """Rules that give hardly a false pair: the number of matches is guessed from them."""
    names = tuple(name for name in ("given", "family") if name in order.columns)
    lone = order.of("company", "text")[:1]
    others = order.of("email", "date", "phone", "identifier", "street", "postcode")
    return [(*(names or lone), other) for other in others if other not in names][:5]


def trainers(order: Order, chosen: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Blocks for the EM sessions, the purest first: in a block of one switchboard nearly all pairs are colleagues."""
    pure = {"email": 0, "identifier": 0, "given": 1, "family": 1, "date": 2, "text": 3, "company": 3, "street": 4}
    plain = [rule for rule in chosen if not any("(" in part for part in rule)]
    both = [rule for rule in plain if set(rule) == {"given", "family"}]
    people = {"given", "family"} & set(order.columns)

    def rank(rule: tuple[str, ...]) -> int:
        return max(pure.get(order.columns[part], 9 if people else 5) for part in rule)

    return both + sorted((rule for rule in plain if rule not in both), key=rank)


def main() -> None:
    order = Order.read()
    if len(comparisons(order)) < 2:
        raise SystemExit("Splink compares several columns; one of free text is not what it is made for, it says")
    connection = duckdb.connect()
    connection.execute(f"SET threads = {order.options.get('threads', 2)}")
    full = ", given || ' ' || family AS full_name" if {"given", "family"} <= set(order.columns) else ""
    with order.timed("read"):
        connection.execute(f"CREATE TABLE records AS SELECT *{full} FROM read_parquet('{order.table}')")
    with order.timed("choose blocking rules"):
        chosen = [rule for rule in rules(order) if pairs_of(connection, rule) <= MOST * order.rows + 200_000]
    api = DuckDBAPI(connection=connection)
    if order.link:
        sources = [row[0] for row in connection.execute(f'SELECT DISTINCT "{order.link}" FROM records').fetchall()]
        for at, source in enumerate(sources):
            connection.execute(f'CREATE TABLE side{at} AS SELECT * FROM records WHERE "{order.link}" = ?', [source])
        tables: Any = [api.register(f"side{at}", dataset_display_name=f"s{at}") for at in range(len(sources))]
    else:
        tables = api.register("records", dataset_display_name="r")
    settings = SettingsCreator(
        link_type="link_only" if order.link else "dedupe_only",
        unique_id_column_name="row",
        comparisons=comparisons(order),
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in chosen],
        retain_intermediate_calculation_columns=False,
        retain_matching_columns=False,
    )
    linker = Linker(tables, settings)
    with order.timed("train"):
        linker.training.estimate_probability_two_random_records_match(
            [block_on(*rule) for rule in certain(order) or chosen[:2]], recall=0.7
        )
        linker.training.estimate_u_using_random_sampling(max_pairs=1e7)
        sessions, used = 0, set[str]()
        for rule in trainers(order, chosen):
            enough = 2 if {"given", "family"} & set(order.columns) else 3
            if sessions == enough or set(rule) & used:
                continue
            try:
                linker.training.estimate_parameters_using_expectation_maximisation(block_on(*rule))
                sessions, used = sessions + 1, used | set(rule)
            except Exception as error:  # no pair in the block: the next rule is tried
                print(f"no session on {rule}: {str(error)[:200]}")
    with order.timed("predict"):
        predicted = linker.inference.predict(threshold_match_probability=0.01)
        pairs = connection.execute(
            f'SELECT row_l, row_r, match_probability FROM "{predicted.physical_name}"'
        ).fetchnumpy()
    a, b, score = (np.asarray(pairs[name]) for name in ("row_l", "row_r", "match_probability"))
    with order.timed("cluster"):
        clustered = linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, CUT)
        found = connection.execute(f'SELECT "row", cluster_id FROM "{clustered.physical_name}"').fetchnumpy()
    own = np.arange(order.rows)
    own[np.asarray(found["row"])] = np.unique(np.asarray(found["cluster_id"]).astype(str), return_inverse=True)[1]
    order.done(a, b, score, {"": own} | at_thresholds(order.rows, a, b, score),
               note=f"{len(chosen)} blocking rules, {sessions} EM sessions")  # fmt: skip


def pairs_of(connection: duckdb.DuckDBPyConnection, rule: tuple[str, ...]) -> int:
    """How many pairs a rule gives, counted by the sizes of its blocks."""
    keys, there = ", ".join(rule), " AND ".join(f"{part} IS NOT NULL" for part in rule)
    found = connection.execute(
        f"SELECT sum(n * (n - 1) / 2) FROM (SELECT count(*) AS n FROM records WHERE {there} GROUP BY {keys})"
    ).fetchall()
    return int(found[0][0] or 0)


if __name__ == "__main__":
    main()
