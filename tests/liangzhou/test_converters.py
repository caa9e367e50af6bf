import pytest
from django.urls import NoReverseMatch, Resolver404, resolve, reverse


@pytest.mark.parametrize("code", ["LZ000001", "A", "a-b-1", "X" * 20])
def test_code_converter_reads_codes(code):
    match = resolve(f"/projects/{code}/")

    assert (match.view_name, match.kwargs) == ("projects:project-detail", {"code": code})


@pytest.mark.parametrize("code", ["X" * 21, "LZ_1", "储能", "LZ 1", "LZ1%00", "LZ.1", "'", "\u0661\u0662"])
def test_code_converter_refuses_other_shapes_without_asking_the_database(code):
    with pytest.raises(Resolver404):
        resolve(f"/projects/{code}/")


def test_code_converter_makes_no_address_of_another_shape():
    with pytest.raises(NoReverseMatch):
        reverse("projects:project-detail", args=["储能"])


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_format_converter_reads_the_formats_of_exports(ending):
    match = resolve(f"/projects/export.{ending}")

    assert (match.view_name, match.kwargs) == ("projects:project-export", {"format": ending})


@pytest.mark.parametrize("ending", ["xls", "CSV", "csvx", "json", ""])
def test_format_converter_refuses_others(ending):
    with pytest.raises(Resolver404):
        resolve(f"/projects/export.{ending}")
