import pytest

from ledgers import contact_data
from ledgers.columns import LEDGER, NOT_READ, known_headings
from ledgers.headings import CONTACT, meaning


@pytest.mark.parametrize(
    "heading",
    [
        *("联系人", "联系方式", "联系电话", "电话", "手机", "手机号", "手机号码", "邮箱", "微信号", "身份证号", "传真"),
        *(
            "项目联系人及电话",
            "联 系\n人",
            "\uff34\uff25\uff2c",
            "E-mail",
            "QQ",
            "Contact",
            "负责人(手机)",
            "企业(联系人)",
            "*电话:",
        ),
        *("项目负责人", "法人", "法定代表人", "对接人", "建设单位|联系人", "联系方式|姓名", "责任单位及联系电话"),
    ],
)
def test_heading_of_contact_data_is_known(heading):
    assert (contact_data.in_heading(heading), meaning(heading)) == (True, CONTACT)


@pytest.mark.parametrize(
    "heading",
    [
        "手机产量",
        "项目法人单位",
        "责任单位及责任人情况",
        "hotel",
        "包抓领导",
        "联系单位",
        "包抓联系领导|联系领导",
        "形象进度",
    ],
)
def test_heading_of_something_else_is_left_alone(heading):
    assert contact_data.in_heading(heading) is False


def test_no_heading_of_our_own_means_contact_data():
    ours = [str(text) for column in LEDGER.values() for text in (column.label, column.header, *column.synonyms)]

    assert [text for text in (*ours, *map(str, NOT_READ), *known_headings()) if contact_data.in_heading(text)] == []


@pytest.mark.parametrize(
    "cell",
    [
        *(
            13812345678,
            13812345678.0,
            "138 1234 5678",
            "\uff11\uff13\uff18-1234-5678",
            "+86 13812345678",
            "张三13812345678",
        ),
        *("0935-2212345", "(0935)2212345", "620602198001011234", "62060219800101123X", "zhang@example.com"),
    ],
)
def test_cell_that_reaches_somebody_is_known(cell):
    assert contact_data.in_cell(cell) is True


@pytest.mark.parametrize(
    "cell",
    [
        *(None, True, "", {"date": "2025-05-21"}, 130000, 1.31, "13亿", "2501-620602-04-01-123456"),
        *("91620602MA7ABCDE2X", "916206021381234567", "20250521", "LZ000001", 45000, "2025.5"),
    ],
)
def test_cell_of_a_ledger_reaches_nobody(cell):
    assert contact_data.in_cell(cell) is False
