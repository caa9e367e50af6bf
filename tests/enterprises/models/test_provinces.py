from enterprises.models import Province


def test_provinces_are_all_of_china_and_abroad():
    codes = Province.values

    assert len(codes) == 31 + 3 + 1
    assert all(len(code) == 6 and code.endswith("0000") for code in codes)
    assert codes == sorted(codes[:-1]) + ["000000"]
    assert (Province("620000").label, Province("000000").label) == ("甘肃省", "境外")
