"""Who works at the demonstration desk, and who complains to it?

All are invented. Addresses end in the domains that are reserved for examples, telephone numbers
lie in the ranges kept free for drama.
"""

from __future__ import annotations

from random import Random

import msgspec

from recovery.events import Channel
from recovery.vault import Contact
from web.accounts import Role
from web.demo import firm
from web.demo.firm import Shares, Town


class DemoUser(msgspec.Struct, frozen=True):
    """An account of the demonstration."""

    id: str
    email: str
    name: str
    role: Role
    language: str

    @property
    def by(self) -> str:
        """How events name this person."""
        return f"user:{self.id}"


DEMO_USERS: tuple[DemoUser, ...] = (
    DemoUser("ana", "ana@example.org", "Ana Ferreira", "agent", "en"),
    DemoUser("bo", "bo@example.org", "Bo Lindqvist", "agent", "en"),
    DemoUser("mei", "mei@example.org", "陈美", "agent", "zh"),
    DemoUser("raj", "raj@example.org", "Raj Malhotra", "agent", "en"),
    DemoUser("tom", "tom@example.org", "Tom Ashworth", "agent", "en"),
    DemoUser("sue", "sue@example.org", "Sue Okonkwo", "supervisor", "en"),
    DemoUser("ada", "ada@example.org", "Ada Wren", "administrator", "en"),
)
NAMES = {user.by: user.name for user in DEMO_USERS}
SUPERVISOR = "user:sue"
AGENTS = {
    "en": Shares({"user:ana": 30, "user:bo": 30, "user:raj": 20, "user:tom": 16, "user:mei": 4}),
    "zh": Shares({"user:mei": 70, "user:bo": 20, "user:ana": 10}),
}


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_FIRST = _names(
    "Alice Amara Anjali Arthur Beatrice Bethan Callum Catrin Chidi Dafydd Danuta Edith Elif Ellis "
    "Esther Fatima Finlay Florence George Grace Gwen Hamish Hannah Harpreet Hugh Imogen Ines Isla "
    "Ivan Jasmine Joan Kamal Katya Keir Leila Liam Lorna Magnus Maeve Marta Mohammed Nadia Nell "
    "Niamh Olu Oscar Owen Pavel Priya Ravi Rhys Rosa Rowan Samira Sean Sofia Tariq Tess Usha "
    "Victor Winifred Yusuf Zofia"
)
_LAST = _names(
    "Abbott Adeyemi Ahmed Ashdown Barlow Begum Blackwood Bowen Brennan Carver Chaudhry Cole Croft "
    "Dacosta Davies Dunmore Eastwood Ellery Farrow Fenn Flynn Gill Goddard Greaves Hallam "
    "Hargreave Hussain Ibrahim Iyer Jarvis Kaur Kelleher Kowalski Lambert Langley Mackay Marsden "
    "Mensah Moss Nash Novak Nwosu Oakley Okafor Patel Pemberton Popescu Quill Rahman Redfern Reyes "
    "Rowntree Sharma Silva Sinclair Tanner Thorne Underhill Varga Wainwright Whitlock "
    "Yeates Zielinska"
)
_SURNAMES = _names(
    "王wang 李li 张zhang 刘liu 陈chen 杨yang 黄huang 赵zhao 吴wu 周zhou 徐xu 孙sun 马ma 朱zhu 胡hu "
    "郭guo 何he 林lin 高gao 罗luo 郑zheng 梁liang 谢xie 宋song 唐tang 许xu 邓deng 冯feng 韩han "
    "曹cao 欧阳ouyang 司徒situ"
)
_GIVEN = _names(
    "伟wei 芳fang 娜na 敏min 静jing 丽li 强qiang 磊lei 军jun 洋yang 勇yong 艳yan 杰jie 涛tao "
    "明ming 超chao 霞xia 平ping 刚gang 桂英guiying 秀兰xiulan 玉梅yumei 建国jianguo 志强zhiqiang "
    "晓明xiaoming 文静wenjing 子轩zixuan 雨桐yutong 浩然haoran 欣怡xinyi 家豪jiahao 思远siyuan "
    "嘉欣jiaxin 婉婷wanting 海燕haiyan 国华guohua"
)
_RIGHT_TO_LEFT = (("ليلى حداد", "layla.haddad"), ("נועה לוי", "noa.levi"), ("رضا تهرانی", "reza.t"))
_ODD = (
    ('<b>Max</b> "Mad" O\'Brien-Ñúñez', "max.ob"),
    ("Robert'); DROP TABLE complaints;--", "bobby"),
    ("Mrs. J. 🌻 Doe", "sunflower"),
    ("Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh of Lower Upper Thornby", "wolfe"),
    ("null", "null"),
)
_DOMAINS = ("example.org", "example.com", "example.net")


class Person(msgspec.Struct, frozen=True):
    """Somebody who complains, perhaps more than once."""

    id: str
    name: str
    language: str
    tier: str
    town: Town
    street: str
    contact: Contact


def draw(rng: Random, *, towns: Shares[str], channel: Channel) -> Person:
    """Somebody from these towns; who rings or comes in often has no email address."""
    known_by = f"{rng.getrandbits(128):032x}"
    town = firm.TOWNS[towns.pick(rng)]
    language = firm.LANGUAGES.pick(rng)
    name, mailbox = _name(rng, language)
    street = rng.choice(town.streets)
    return Person(
        id=known_by, name=name, language=language, tier=firm.TIERS.pick(rng), town=town,
        street=street, contact=_contact(rng, name, mailbox, town, street, channel),
    )  # fmt: skip


def _name(rng: Random, language: str) -> tuple[str, str]:
    """A name, and how its owner begins an email address."""
    chance = rng.random()
    if chance < 0.008:
        return rng.choice(_RIGHT_TO_LEFT)
    if chance < 0.013:
        return rng.choice(_ODD)
    if language == "zh":
        family, given = rng.choice(_SURNAMES), rng.choice(_GIVEN)
        return _han(family) + _han(given), f"{_pinyin(given)}.{_pinyin(family)}"
    first, last = rng.choice(_FIRST), rng.choice(_LAST)
    return f"{first} {last}", f"{first}.{last}".lower()


def _contact(
    rng: Random, name: str, mailbox: str, town: Town, street: str, channel: Channel
) -> Contact:
    """Nearly always an email address, a way to answer at least."""
    by_email = rng.random() < (0.74 if channel in ("phone", "counter", "letter") else 0.97)
    by_phone = rng.random() < 0.6
    by_post = channel == "letter" or not (by_email and by_phone)
    number, house = rng.randrange(1_000), rng.randrange(1, 140)
    email = f"{mailbox}{rng.randrange(2, 9_999)}@{rng.choice(_DOMAINS)}"
    phone = f"07700 900{number:03}" if number % 3 else f"01632 960{number:03}"
    address = f"{house} {street}, {town.names['en']}, {town.postcode} {house % 9 + 1}AB"
    return Contact(
        name=name,
        email=email if by_email else "",
        phone=phone if by_phone else "",
        address=address if by_post else "",
    )


def _han(pair: str) -> str:
    return pair.rstrip("abcdefghijklmnopqrstuvwxyz")


def _pinyin(pair: str) -> str:
    return pair[len(_han(pair)) :]
