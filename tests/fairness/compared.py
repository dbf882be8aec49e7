"""Complaints whose treatment is known, and what is known of their areas."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from recovery import areas
from recovery.areas import Content
from recovery.database import Database
from recovery.vault import Vault
from tests.cast import NINE, SUE
from tests.desks import TestDesk
from web.importing import mapping
from web.importing.run import run_import

MAPPING = """
source = "shop"
id = ["id"]
received = ["received"]
[dates]
zone = "UTC"
formats = ["iso"]
[channel]
columns = ["channel"]
[channel.values]
email = "email"
phone = "phone"
[product]
columns = ["product"]
[attributes.zip]
columns = ["zip"]
[acts]
closed = ["closed"]
compensated = ["compensated"]
[money]
amount = ["amount"]
currency = ["currency"]
"""
HEADER = "id,received,channel,product,zip,closed,compensated,amount,currency"
PAID = {("email", "card"): 30, ("email", "loan"): 12, ("phone", "card"): 20, ("phone", "loan"): 25}
"""Of sixty complaints of each kind: how many were given money."""


def fill(database: Database) -> None:
    """240 closed complaints, four open ones, and what is known of twelve areas."""
    desk = TestDesk.on(database, Vault(b"m" * 32))
    lines = [HEADER]
    for (channel, product), paid in PAID.items():
        for n in range(60):
            given = "2026-03-03,25.00,GBP" if n < paid else ",,"
            lines.append(
                f"{channel}{product}{n},2026-03-02,{channel},{product},{601 + n % 12},2026-03-0"
                f"{3 + n % 5},{given}"
            )
    lines += [f"open{n},2026-03-02,email,card,606XX,,,," for n in range(4)]
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "shop.csv").write_text("\n".join(lines))
        (folder / "shop.toml").write_text(MAPPING)
        report = run_import(
            store=desk.store, vault=desk.vault, secret=b"secret", path=folder / "shop.csv",
            mapping=mapping.load(str(folder / "shop.toml")), now=NINE,
        )  # fmt: skip
    assert report.refused == []
    content = Content(("income",), tuple((f"00{601 + n}", (str(1000 * n),)) for n in range(12)))
    areas.upload(desk.store, desk.vault, content, attribute="zip", by=SUE, at=NINE)
    desk.engine.catch_up()
