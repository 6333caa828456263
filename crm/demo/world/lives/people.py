"""Who the members are. Names are drawn from lists; no mobile, ID number or address is anybody's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from crm.demo.world.parameters import (
    AGE_SCALE,
    AGE_SHAPE,
    INCOME_BANDS,
    INCOME_SPREAD,
    MEDIAN_INCOME,
    OLDEST,
    SHARE_WOMEN,
    TOP_BAND,
    YOUNGEST,
)
from crm.demo.world.places import CITIES, ROADS

# Surname: (pinyin, how common).
_SURNAMES = {
    "王": ("wang", 75), "李": ("li", 73), "张": ("zhang", 68), "刘": ("liu", 52), "陈": ("chen", 50),
    "杨": ("yang", 31), "黄": ("huang", 25), "赵": ("zhao", 23), "吴": ("wu", 22), "周": ("zhou", 21),
    "徐": ("xu", 17), "孙": ("sun", 16), "马": ("ma", 15), "朱": ("zhu", 14), "胡": ("hu", 13),
    "郭": ("guo", 13), "何": ("he", 12), "林": ("lin", 12), "高": ("gao", 11), "罗": ("luo", 10),
    "郑": ("zheng", 10), "梁": ("liang", 10), "谢": ("xie", 9), "宋": ("song", 9), "唐": ("tang", 8),
    "许": ("xu", 8), "韩": ("han", 8), "邓": ("deng", 7), "冯": ("feng", 7), "曹": ("cao", 7),
    "彭": ("peng", 6), "曾": ("zeng", 6), "肖": ("xiao", 6), "田": ("tian", 6), "董": ("dong", 6),
    "潘": ("pan", 6), "袁": ("yuan", 6), "蔡": ("cai", 5), "蒋": ("jiang", 5), "余": ("yu", 5),
    "叶": ("ye", 5), "程": ("cheng", 5), "苏": ("su", 5), "魏": ("wei", 5), "吕": ("lv", 5),
    "沈": ("shen", 5), "欧阳": ("ouyang", 1), "上官": ("shangguan", 0.4), "司马": ("sima", 0.4),
}  # fmt: skip
RETIRED = "退休 Retired"
_GIVEN_FEMALE = "婷敏静丽娟艳娜秀英慧洁琳雪梅霞玲燕红颖欣怡佳梦瑶雅晴语嫣诗涵芳蕾倩莹璐宁悦岚"
_GIVEN_MALE = "伟强磊军洋勇杰涛明超刚平辉鹏华飞斌浩宇轩子睿博文志远俊峰思成建国海波嘉诚一鸣凯"

# Occupation, in both languages: (weight, factor on income). Assumed.
_OCCUPATIONS = {
    "互联网从业者 IT professional": (16, 1.4), "企业职员 Office worker": (22, 0.8), "教师 Teacher": (8, 0.85),
    "医生 Doctor": (6, 1.4), "公务员 Civil servant": (8, 0.9), "工程师 Engineer": (12, 1.15),
    "个体经营 Self-employed": (8, 1.2), "企业主 Business owner": (3, 4.0),
    "金融从业者 Finance professional": (6, 1.7), "自由职业 Freelancer": (5, 0.85), "销售 Sales": (8, 0.85),
    RETIRED: (7, 0.65),
}  # fmt: skip

# 154 was never issued to an operator, and 99 is no province: neither can belong to anybody.
MOBILE_PREFIX = "154"
ID_REGION = "990101"
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"


@dataclass(slots=True)
class Person:
    surname: str
    surname_latin: str
    name: str
    sex: str
    birth_date: date
    city: str
    occupation: str
    income_band: str
    mobile: str
    email: str
    id_number: str
    address: str
    income: float  # yuan a year


def make_person(rng: Random, number: int, today: date) -> Person:
    """The person with this number; the mobile is unique by number."""
    sex = "female" if rng.random() < SHARE_WOMEN else "male"
    surname, (pinyin, _) = _pick(rng, _SURNAMES)
    letters = _GIVEN_FEMALE if sex == "female" else _GIVEN_MALE
    given = "".join(rng.choices(letters, k=1 if rng.random() < 0.28 else 2))
    city, (districts, _, _) = _pick(rng, CITIES)
    occupation, (_, factor) = _pick(rng, _OCCUPATIONS)
    age = (
        rng.uniform(55, 74)
        if occupation == RETIRED
        else min(OLDEST, YOUNGEST + rng.gammavariate(AGE_SHAPE, AGE_SCALE))
    )
    birth_date = today - timedelta(days=int(age * 365.25))
    income = MEDIAN_INCOME * rng.lognormvariate(0, INCOME_SPREAD) * factor * (0.55 + min(age, 50) / 85)
    mobile = f"{MOBILE_PREFIX}{(number * 7919 + 12_345_678) % 100_000_000:08}"
    address = (
        f"{city.split()[0]}市{rng.choice(districts.split())}{rng.choice(ROADS)}{rng.randint(1, 288)}号"
        f"{rng.randint(1, 30)}幢{rng.randint(1, 32)}{rng.randint(0, 9):02}室"
    )
    return Person(
        surname=surname,
        surname_latin=pinyin.capitalize(),
        name=surname + given,
        sex=sex,
        birth_date=birth_date,
        city=city,
        occupation=occupation,
        income_band=next((band for limit, band in INCOME_BANDS if income < limit), TOP_BAND),
        mobile=mobile,
        email=f"{pinyin}{number:06}@example.com" if rng.random() < 0.7 else "",
        id_number=id_number(birth_date, number, sex),
        address=address,
        income=income,
    )


def id_number(birth_date: date, number: int, sex: str) -> str:
    """18 characters with a right check digit; the region does not exist. Odd order numbers are men's."""
    order = (number * 2 + (sex == "male")) % 1000
    body = f"{ID_REGION}{birth_date:%Y%m%d}{order:03}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _ID_WEIGHTS, strict=True))
    return body + _ID_CHECKS[total % 11]


def _pick(rng: Random, table: dict) -> tuple:
    """A key with its value, as often as the value's number among (…) says."""
    weights = [next(part for part in value if isinstance(part, int | float)) for value in table.values()]
    key = rng.choices(list(table), weights=weights)[0]
    return key, table[key]
