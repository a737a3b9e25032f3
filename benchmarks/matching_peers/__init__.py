"""The matching engine and its yardsticks, each run in a process of its own on the same table.

An order (a JSON file) names the table, the columns with their kinds and the folder for the answer; `orders` reads it
and writes pairs, clusters, seconds and peak memory. The configuration of each yardstick is the whole of its module, so
that who knows it better can better it. They need the optional extra `bench`.
"""
