"""Places of rows: vintages told or asked, communes, addresses, coordinates in every form."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geo.errors import DataError
from geo.intake import addresses, check, coordinates, mapping, read
from geo.intake.model import Options, Outcome


def outcome(folder: Path, header: str, rows: list[str], **options: object) -> Outcome:
    path = folder / "a.csv"
    lines = [f"Tên cơ sở;{header}", *(f"Xưởng số {chr(65 + n)}{n};{row}" for n, row in enumerate(rows))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    table = read.tables(path)[0]
    return check.run(table, mapping.guess(table, "establishments"), Options(**options))  # type: ignore[arg-type]


def codes(done: Outcome) -> list[list[object]]:
    columns = ["vintage", "province_code", "province_code_2025", "province_code_pre2025", "commune_code_2025"]
    rows = done.accepted.sort_values("row")[columns].astype(object)
    return rows.where(rows.notna(), None).to_numpy().tolist()


def test_a_gone_province_tells_the_vintage_of_the_whole_file(tmp_path: Path) -> None:
    done = outcome(tmp_path, "Tỉnh", ["Vĩnh Phúc", "Bắc Ninh", "Cao Bằng"])
    assert codes(done) == [
        ["pre2025", "26", "25", "26", None],
        ["pre2025", "27", "24", "27", None],
        ["pre2025", "04", "04", "04", None],
    ]


def test_names_of_both_vintages_are_asked_never_guessed(tmp_path: Path) -> None:
    with pytest.raises(DataError) as asked:
        outcome(tmp_path, "Tỉnh", ["Bắc Ninh", "Gia Lai"])
    assert "--vintage" in asked.value.vi
    assert "“Bắc Ninh”" in asked.value.vi
    assert [row[1] for row in codes(outcome(tmp_path, "Tỉnh", ["Bắc Ninh"], vintage="2025"))] == ["24"]
    assert [row[1] for row in codes(outcome(tmp_path, "Tỉnh", ["Bắc Ninh"], vintage="pre2025"))] == ["27"]


def test_mixed_vintages_row_by_row(tmp_path: Path) -> None:
    rows = ["Vĩnh Phúc;", "24 - Bắc Ninh;", "Bắc Ninh;", "Gia Lai;2025"]
    with pytest.raises(DataError, match="each"):
        outcome(tmp_path, "Tỉnh;Bộ đơn vị hành chính", rows)
    done = outcome(tmp_path, "Tỉnh;Bộ đơn vị hành chính", rows, vintage="each")
    assert [row[:2] for row in codes(done)] == [["pre2025", "26"], ["2025", "24"], ["2025", "52"]]
    assert done.faults["code"].tolist() == ["vintage-unclear"]


def test_reused_codes_are_asked_and_lone_ones_tell(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="could be of"):
        outcome(tmp_path, "Mã tỉnh", ["24"])
    assert codes(outcome(tmp_path, "Mã tỉnh", ["26", "24"]))[1][:3] == ["pre2025", "24", "24"]


def test_old_names_in_a_new_list_lead_to_the_new_province(tmp_path: Path) -> None:
    done = outcome(tmp_path, "Tỉnh", ["Vĩnh Phúc", "Phú Thọ"], vintage="2025")
    assert codes(done) == [["pre2025", "26", "25", "26", None], ["2025", "25", "25", None, None]]


def test_communes_by_name_and_a_district_under_its_new_province(tmp_path: Path) -> None:
    done = outcome(
        tmp_path, "Xã;Huyện;Tỉnh",
        ["Tân Cương;TP Thái Nguyên;Thái Nguyên", "Phù Lãng;Quế Võ;Bắc Ninh", "Đại Đồng;Vĩnh Tường;Phú Thọ", "Không Có;Quế Võ;Bắc Ninh"],
    )  # fmt: skip
    rows = codes(done)
    assert [row[1] for row in rows] == ["19", "27", "26", "27"]
    assert done.accepted["location_quality"].tolist() == ["commune", "commune", "commune", "province"]
    assert {"district-former", "commune-unknown"} == set(done.faults["code"])


def test_addresses_in_one_cell(tmp_path: Path) -> None:
    assert addresses.parts("Thôn 3, xã Tân Cương, TP. Thái Nguyên, tỉnh Thái Nguyên") == (
        "tỉnh Thái Nguyên", "TP. Thái Nguyên", "xã Tân Cương",
    )  # fmt: skip
    assert addresses.parts("xã Tân Cương huyện A tỉnh Thái Nguyên")[0] == "tỉnh Thái Nguyên"
    done = outcome(
        tmp_path, "Địa chỉ",
        ["Thôn 3, xã Phù Lãng, huyện Quế Võ, tỉnh Bắc Ninh, Việt Nam", "Phù Lãng - Quế Võ - Bắc Ninh", "Khu pho 2 Phu Lang Que Vo Bac Ninh", "không rõ"],
    )  # fmt: skip
    assert [row[1] for row in codes(done)] == ["27"] * 3
    assert done.accepted["commune_code_pre2025"].unique().tolist() == ["09277"]
    assert done.faults["code"].tolist() == ["address-read", "province-missing"]


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("21.0285", 21.0285), ("21,0285", 21.0285), ("21°01'42.6\"N", 21.0285), ("21 01 42.6", 21.0285),
        ("N 21° 01.71'", 21.0285), ("21 độ 01 phút 42,6 giây", 21.0285), ("105.8542° E", 105.8542),
        ("2 345 678,5", 2_345_678.5), ("585123.45", 585_123.45),
    ],
)  # fmt: skip
def test_coordinates_in_every_form(text: str, degrees: float) -> None:
    assert coordinates.number(text) == pytest.approx(degrees, abs=1e-6)


@pytest.mark.parametrize("text", ["abc", "21°75'", "", "12/5/2020", "21.0285 105.8542"])
def test_what_is_no_coordinate(text: str) -> None:
    assert coordinates.number(text) is None


def test_every_old_province_has_a_zone() -> None:
    from geo.places import admin

    zones = coordinates.zones()
    assert set(zones) == set(admin.provinces("pre2025").index)
    assert (zones["01"], zones["79"], zones["48"]) == ("5897", "9210", "5899")


def test_vn2000_metres_by_the_zone_of_the_province(tmp_path: Path) -> None:
    from pyproj import Transformer

    turn = Transformer.from_crs("EPSG:4326", "EPSG:9209", always_xy=True)
    east, north = turn.transform(106.2, 21.13)
    rows = ["Hưng Yên;;", f"Bắc Ninh;{north:.2f};{east:.2f}", f"Bắc Ninh;{east:.2f};{north:.2f}"]
    done = outcome(tmp_path, "Tỉnh;X (m);Y (m)", rows, vintage="pre2025")
    assert done.accepted["lat"].iloc[1:].astype(float).round(5).tolist() == [21.13, 21.13]
    assert done.accepted["lon"].iloc[1:].astype(float).round(5).tolist() == [106.2, 106.2]
    new = outcome(tmp_path, "Tỉnh;X (m);Y (m)", rows[1:], vintage="2025")  # Bắc Giang and Bắc Ninh: two zones
    assert new.faults["code"].tolist() == ["plane-zone"] * 2


def test_swapped_and_lost_signs_are_repaired_only_with_consent(tmp_path: Path) -> None:
    rows = ["Hà Nội;105.8542;21.0285", "Hà Nội;210285112;1058542300", "Hà Nội;0;0", "Hà Nội;48.85;2.35"]
    refused = outcome(tmp_path, "Tỉnh;Vĩ độ;Kinh độ", rows)
    assert refused.faults["code"].tolist() == [
        "coordinate-swapped",
        "coordinate-no-point",
        "coordinate-zero",
        "coordinate-outside",
    ]
    assert refused.counts["returned"] == 4
    assert refused.faults["proposal"].iloc[0] == "21.028500; 105.854200"
    agreed = outcome(
        tmp_path, "Tỉnh;Vĩ độ;Kinh độ", rows, repairs=frozenset({"swap", "decimal-point", "drop-point"})
    )
    assert agreed.counts["returned"] == 0
    assert set(agreed.faults["severity"]) == {"warning"}
    np.testing.assert_allclose(agreed.accepted["lat"].astype(float), [21.0285, 21.0285112, np.nan, np.nan])


def test_a_point_outside_its_province_is_told_with_the_distance(tmp_path: Path) -> None:
    done = outcome(tmp_path, "Tỉnh;Tọa độ", ["Cao Bằng;10.77, 106.7", "Cao Bằng;22.66, 106.26"])
    assert done.counts["returned"] == 1
    fault = done.faults.iloc[0]
    assert fault["code"] == "point-outside-province"
    assert "km" in fault["vi"]
    km = float(pd.Series(fault["en"]).str.extract(r"lies ([\d,.]+) km")[0].str.replace(",", "").iloc[0])
    assert 1200 < km < 1350


def test_a_point_alone_gives_the_province(tmp_path: Path) -> None:
    done = outcome(tmp_path, "Vĩ độ;Kinh độ", ["10.77;106.7"])
    assert codes(done)[0][2] == "79"
    assert done.accepted["location_quality"].tolist() == ["point"]


def test_axes_named_x_and_y_are_told_apart_by_their_values(tmp_path: Path) -> None:
    done = outcome(tmp_path, "Tỉnh;X;Y", ["Hà Nội;105.8542;21.0285"])
    assert done.accepted["lat"].astype(float).tolist() == [21.0285]
