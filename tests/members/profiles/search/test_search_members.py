import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from crm.staff.models import Role, Team
from members.profiles.models import Member
from members.profiles.search import search_members as search
from members.profiles.search.search_members import _after
from members.profiles.search.terms import terms
from tests.crm.staff.people import staff_of
from tests.harness.examples import examples
from tests.members.profiles.people import member_with

pytestmark = pytest.mark.django_db
ZHANG = {
    "name": "张三丰",
    "mobile": "13812341234",
    "email": "sanfeng@163.com",
    "id_number": "11010119900307002X",
    "terms": (
        "张三丰", "三丰", "丰", "zhangsanfeng", "sanfeng", "feng", "zsf", "sf", "f", "a1007",
    ),
    "outside_id": "A1007",
}  # fmt: skip
SMITH = {
    "name": "John Smith",
    "mobile": "+447700900123",
    "terms": ("johnsmith", "ohnsmith", "smith", "100%real", "under_score", "back\\slash"),
}


def search_members(text, staff, limit=50, after=None):
    """A search that the person was granted (test_personal tells who is)."""
    return search.search_members(text, staff, limit, after, granted=True)


@pytest.fixture
def service():
    return staff_of(Role.CUSTOMER_SERVICE)


@pytest.fixture
def zhang():
    return member_with(**ZHANG)


@pytest.fixture
def smith():
    return member_with(**SMITH)


@pytest.mark.parametrize(
    "text",
    [
        "张三丰", "张三", "三", "丰", " 三丰 ", "zhang", "ZhangSan", "zhang san", "san", "zsf", "ZS",
        "ｚｓｆ", "a1007", "A100", "A1007", "13812341234", "138 1234 1234", "(138)1234.1234",
        "+86 138-1234-1234",
        "008613812341234", "11010119900307002X", "11010119900307002x", "110101 19900307 002X",
        "SanFeng@163.com",
    ],
)  # fmt: skip
def test_a_member_is_found_by(zhang, smith, service, text):
    assert search_members(text, service) == [zhang.id]


@pytest.mark.parametrize("text", ["John", "smith", "john smi", "+44 7700 900123", "00447700900123"])
def test_a_foreign_member_is_found_by(zhang, smith, service, text):
    assert search_members(text, service) == [smith.id]


@pytest.mark.parametrize(
    "text",
    [
        "", "  ", "李", "zhangs4", "1381234123", "138123412345", "1101011990030700", "anfeng@163.com",
        "1007", "*", "%", "_", "张%", "张_丰", "zhang%", "\\", "'; DROP TABLE profiles_member; --", "\0",
        "\ud800", "a" * 100_000, "张" * 121, "#", "#x", "#99999999999999999999", "#0", "𠮷",
        "\U0010ffff" * 5, "🀄", "(三", "三)", "$$", "{}",
    ],
)  # fmt: skip
def test_a_member_is_not_found_by(zhang, smith, service, text):
    assert search_members(text, service) == []


@pytest.mark.parametrize("text", ["张\0三", "\0张三", "张三\n", "张\x7f三", "张\ud800三"])
def test_what_is_no_character_is_passed_over(zhang, service, text):
    assert search_members(text, service) == [zhang.id]


@pytest.mark.parametrize("text", ["100%", "under_", "back\\"])
def test_signs_mean_themselves(zhang, smith, service, text):
    assert search_members(text, service) == [smith.id]


def test_other_papers_than_an_id_card_are_found_as_they_are_stored(service):
    member = member_with(id_number="A123456(7)")
    assert search_members("a123456(7)", service) == [member.id]


def test_what_imports_write_is_what_search_reads(service):
    member = member_with(terms=tuple(terms("欧阳 Ｍary", ["Q-7"])))
    for text in ("欧阳", "阳", "ouyang", "yang", "oy", "mary", "Mary", "q-7"):
        assert search_members(text, service) == [member.id], text


WRITTEN = {
    "买买提·艾力": [
        "买买提·艾力",
        "买买提艾力",
        "买买提•艾力",
        "买买提・艾力",
        "买买提.艾力",
        "艾力",
        "买买提 艾力",
    ],
    "O’Neil Pat": ["O’Neil", "o'neil", "oʼneil", "oneil pat", "O`NEIL"],
    "Zhang San": ["zhangsan", "zhang san", "Zhang-San", "ZHĀNG SĀN"],
    "张 　三丰": ["张三丰", "张 三丰", "三丰", "zhang san'feng"],
    "José García": ["jose garcia", "José", "GARCI\u0301A", "garcía"],
    "陳大文": ["陈大文", "陳大文", "大文", "chendawen"],
    "陈小乐": ["陳小樂", "chenxiaole", "chenxiaoyue"],
    "李重阳": ["lichongyang", "lizhongyang", "lcy", "chongyang"],
    "王茜": ["wangxi", "wangqian"],
    "吕布衣": ["lvbuyi", "lubuyi", "lyubuyi", "lübuyi", "LǙ", "lv"],
    "长孙无略": ["zhangsunwulve", "zhangsunwulue", "wulüe"],
    "Łukasz Ødegård-Nguyễn": ["lukasz", "odegard nguyen", "ØDEGÅRD"],
    "\u202e张\u200b伟": ["张伟", "zhangwei", "张\u200d伟"],
}


@pytest.mark.parametrize(("name", "asked"), WRITTEN.items())
def test_a_name_is_found_however_it_is_written(service, smith, name, asked):
    member = member_with(name=name, terms=tuple(terms(name)))
    for text in [name, *asked]:
        assert search_members(text, service) == [member.id], text
        condition = search.search_condition(text, service, granted=True)
        assert [row.id for row in Member.objects.filter(condition)] == [member.id]


def test_a_long_value_is_found_whole_though_no_term_is_so_long(service):
    address = f"{'a' * 60}@{'b' * 100}.example.cn"
    member = member_with(email=address)
    assert search_members(address.upper(), service) == [member.id]


def test_an_exact_hit_comes_before_a_beginning(service):
    longer = member_with(terms=("a10071",))
    exact = member_with(outside_id="a1007")
    assert search_members("a1007", service) == [exact.id, longer.id]


def test_every_outside_system_is_looked_in(service, zhang):
    wecom = member_with()
    wecom.identities.create(kind="wecom", source="corp", value="wm_4711")
    wecom.identities.create(kind="visitor", source="web", value="v-1")
    assert search_members("wm_4711", service) == search_members("v-1", service) == [wecom.id]


def test_the_limit_holds_and_nobody_comes_twice(service):
    members = [member_with(terms=("三三", "三", "sansan", "san", "ss", "s")).id for _ in range(7)]
    assert sorted(search_members("三", service, limit=10)) == members
    assert len(search_members("s", service, limit=3)) == 3


def pages(text, staff, size):
    """Every page of a search, until one is not full."""
    found, last = [search_members(text, staff, limit=size)], None
    while len(found[-1]) == size:
        last = found[-1][-1]
        found.append(search_members(text, staff, limit=size, after=last))
    return found


@pytest.mark.parametrize("size", [1, 2, 3, 50])
def test_pages_follow_on_with_nobody_twice_and_nobody_missing(service, size):
    team = Team.objects.create(name="North")
    manager = staff_of(Role.RELATIONSHIP_MANAGER, team)
    names = ("san", "zhang san", "san zhang", "zhangsan", "sanzhang", "zhang sanfeng", "san")
    people = [
        member_with(terms=tuple(terms(name, [f"n{number}"])), manager=manager)
        for number, name in enumerate(names)
    ]
    named = member_with(terms=("san",), outside_id="san", manager=manager)
    for staff in (service, manager, staff_of(Role.TEAM_LEAD, team)):
        found = [one for page in pages("san", staff, size) for one in page]
        assert found == search_members("san", staff)
        assert found[0] == named.id
        assert sorted(found) == sorted([*(person.id for person in people), named.id])
        found = [one for page in pages("zhang san", staff, size) for one in page]
        assert found == [people[1].id, people[3].id, people[5].id]


def test_terms_are_walked_in_the_order_of_their_smallest_match(service):
    last = member_with(terms=("sc", "sa-last", "z"))
    first = member_with(terms=("sb", "s", "sz"))
    second = member_with(terms=("sa", "sb"))
    assert search_members("s", service) == [first.id, second.id, last.id]
    assert search_members("s", service, after=second.id) == [last.id]
    assert search_members("s", service, after=last.id) == []


def test_a_page_after_somebody_who_is_not_found_or_not_seen_is_empty(service, zhang):
    manager = staff_of(Role.RELATIONSHIP_MANAGER)
    stranger = member_with(terms=("zhao",))
    mine = member_with(terms=("zhang",), manager=manager)
    assert search_members("zhang", service, after=stranger.id) == []
    assert search_members("zh", manager, after=stranger.id) == []
    assert search_members("zh", manager) == [mine.id]
    assert search_members(f"#{zhang.id}", service, after=zhang.id) == []


@pytest.mark.parametrize(
    "text", ["三", "zhang san", "ZSF", "100%", "under_", "back\\", "a1007", "13812341234", "#", "nobody", ""]
)
@pytest.mark.parametrize("few", [0, 100])
def test_a_list_is_narrowed_to_whom_the_search_finds(zhang, smith, service, text, few, monkeypatch):
    monkeypatch.setattr(search, "FEW_HITS", few)
    manager = staff_of(Role.RELATIONSHIP_MANAGER)
    mine = member_with(manager=manager, **(SMITH | {"mobile": "13812341234"}))
    for staff in (service, manager):
        listed = (
            Member.objects.visible_to(staff)
            .filter(search.search_condition(text, staff, granted=True))
            .order_by("id")
        )
        assert list(listed.values_list("id", flat=True)) == sorted(search_members(text, staff))
    number = Member.objects.filter(search.search_condition(f"#{mine.id}", service))
    assert [row.id for row in number] == [mine.id]


class TestWhoFindsWhom:
    @pytest.fixture
    def cast(self):
        team = Team.objects.create(name="North")
        manager = staff_of(Role.RELATIONSHIP_MANAGER, team)
        mine = member_with(manager=manager, **ZHANG)
        other = member_with(
            terms=("张三丰", "zsf", "a1008"), mobile="13912341234", outside_id="A1008", id_number="X1234567"
        )
        return manager, mine, other, staff_of(Role.TEAM_LEAD, team)

    @pytest.mark.parametrize("text", ["张", "zsf", "a100"])
    def test_managers_and_leads_find_their_own_only(self, cast, text):
        manager, mine, _other, lead = cast
        assert search_members(text, manager) == search_members(text, lead) == [mine.id]

    @pytest.mark.parametrize("text", ["13912341234", "A1008", "X1234567"])
    def test_no_exact_value_leads_into_anothers_book(self, cast, text):
        manager, _mine, other, lead = cast
        assert search_members(text, manager) == search_members(text, lead) == []
        assert search_members(text, staff_of(Role.CUSTOMER_SERVICE)) == [other.id]

    def test_a_number_finds_whom_one_may_see(self, cast):
        manager, mine, other, _lead = cast
        assert search_members(f"#{mine.id}", manager) == [mine.id]
        assert search_members(f"#{other.id}", manager) == []

    @pytest.mark.parametrize(
        "text", ["张三丰", "zsf", "13812341234", "A1007", "sanfeng@163.com", "11010119900307002X"]
    )
    def test_an_analyst_finds_nobody_but_by_number(self, cast, text):
        analyst = staff_of(Role.ANALYST)
        assert search_members(text, analyst) == []
        assert search_members(f"#{cast[1].id}", analyst) == [cast[1].id]
        assert search_members(f" {cast[1].id}", analyst) == [cast[1].id]  # digits can mean nothing else here

    def test_a_closed_account_finds_nobody(self, cast):
        gone = staff_of(Role.CUSTOMER_SERVICE, is_active=False)
        assert search_members("张", gone) == search_members(f"#{cast[1].id}", gone) == []


@given(st.text(max_size=300))
@examples(60, suppress_health_check=[HealthCheck.function_scoped_fixture])  # only read
def test_whatever_is_typed_is_harmless(service_and_members, text):
    staff, ids = service_and_members
    assert set(search_members(text, staff)) <= ids


@pytest.fixture
def service_and_members(zhang, smith, service):
    return service, {zhang.id, smith.id}


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=5), st.text(max_size=3))
def test_a_range_holds_every_continuation_and_nothing_else(start, more):
    end = _after(start)
    assert end is None or start <= start + more < end
    if end is not None:
        end.encode()
        assert not end.startswith(start)
