"""Project names: their cores, their phases, how alike they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.names import blocking_keys, core, phase, similarity

NAMES = st.text(
    alphabet=st.sampled_from(
        "凉州区武威市甘肃省建设工程项目一二三十第期首光伏储能0123456789.,IVXiⅡmw()（）\u3000 -·"  # noqa: RUF001
    ),
    max_size=24,
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("武威市凉州区300MW/1200MWh独立储能电站项目", "300mw1200mwh独立储能电站"),
        ("年产8600吨系列乳制品精深加工建设项目", "年产8600吨系列乳制品精深加工"),
        ("甘肃省武威市凉州区标准化厂房\uff08一期\uff09工程", "标准化厂房"),
        ("稻盛云(武威)智算中心项目", "稻盛云智算中心"),
        ("3 0 0 兆瓦光伏", "300mw光伏"),
        ("投资１,２００万元的冷库", "投资1200万元的冷库"),
        ("1.5万吨肥料", "1.5万吨肥料"),
        ("项目", "项目"),
        ("凉州区", "凉州区"),
        ("!!", "!!"),
        ("", ""),
    ],
)
def test_core_is_what_spellings_share(name, expected):
    assert core(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("九墩滩光伏一期", 1),
        ("九墩滩光伏第二期工程", 2),
        ("九墩滩光伏3期", 3),
        ("九墩滩光伏\uff08Ⅱ期\uff09", 2),
        ("九墩滩光伏III期", 3),
        ("九墩滩光伏十二期", 12),
        ("冷链物流园首期", 1),
        ("冷链物流园 Phase 2", 2),
        ("九墩滩光伏", None),
        ("十四五期间重点工程", None),
        ("短周期作物", None),
        ("2025期", None),
        ("一、二期光伏", None),
        ("一期和二期光伏", None),
    ],
)
def test_phase_is_told_from_the_name(name, expected):
    assert phase(name) == expected


@given(NAMES)
def test_core_of_a_core_is_itself(name):
    assert core(core(name)) == core(name)


@given(NAMES)
def test_core_is_empty_only_for_a_name_that_says_nothing(name):
    assert bool(core(name)) == bool(name.strip())


@given(NAMES, NAMES)
def test_similarity_is_symmetric_and_between_0_and_1(a, b):
    assert similarity(a, b) == similarity(b, a)
    assert 0 <= similarity(a, b) <= 1


@given(NAMES)
def test_a_name_is_wholly_like_itself(name):
    assert similarity(name, name) == 1


@given(
    st.sampled_from(["储能", "冷链物流园", "300MW光伏"]), st.integers(1, 99), st.sampled_from(["{}期", "第{}期工程"])
)
def test_a_phase_behind_a_name_changes_neither_core_nor_keys(name, number, pattern):
    with_phase = name + "\uff08" + pattern.format(number) + "\uff09"

    assert (core(with_phase), blocking_keys(with_phase)) == (core(name), blocking_keys(name))
    assert phase(with_phase) == number


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("年产8600吨系列乳制品精深加工", "年产8600吨乳制品精深加工项目"),
        ("武威市凉州区300MW/1200MWh独立储能电站项目", "300兆瓦独立储能电站"),
        ("雅洁食品项目", "凉州区雅洁食品加工建设项目"),
        ("独立储能电站", "独立共享储能电站项目"),
    ],
)
def test_spellings_of_one_project_are_alike(a, b):
    assert similarity(a, b) >= 0.75


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("300MW独立储能电站", "200MW独立储能电站"),
        ("肉牛养殖基地", "肉羊养殖基地"),
        ("黄羊镇高标准农田", "张义镇高标准农田"),
        ("一号煤矿", "二号煤矿"),
        ("第3标段", "第4标段"),
        ("项目", "工程"),
    ],
)
def test_different_projects_are_not_alike(a, b):
    assert similarity(a, b) < 0.75


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("武威市凉州区九墩滩光伏治沙项目", ("九墩滩光", "光伏治沙")),
        ("年产8600吨乳制品", ("年产86", "吨乳制品")),
        ("冷库", ("冷库", "冷库")),
        ("", ("", "")),
    ],
)
def test_blocking_keys_are_both_ends_of_the_core(name, keys):
    assert blocking_keys(name) == keys
