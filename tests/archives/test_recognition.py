"""What the pipeline says of real specimens: kinds, values, faults; and of papers with hidden values: never a guess."""

from collections.abc import Callable
from typing import Any

import pytest

from carloan.archives.recognition.proof import SURE
from carloan.archives.recognition.recognise import Recognition

pytestmark = pytest.mark.ocr
Read = Callable[[str], Recognition]


def sure_values(result: Recognition) -> dict[str, Any]:
    return {name: field.value for name, field in result.fields.items() if field.confidence >= SURE}


def codes(result: Recognition) -> set[str]:
    return {fault.code for fault in result.faults}


def test_the_id_card_askew_on_a_table(read: Read) -> None:
    result = read("documents/id-card-demo.png")
    assert result.kind == "id_card_front"
    assert {name: field.value for name, field in result.fields.items()} == {
        "name": "李蓝", "sex": "女", "ethnicity": "满", "birth": "1990-01-24", "number": "389201199001245580",
        "address": "河北省承德市围场满族蒙古族自治县金车路",
    }  # fmt: skip
    assert {"id_division", "id_check", "id_province_differs"} <= codes(result)
    assert not result.sure


def test_the_vehicle_licence_photographed_from_a_screen(read: Read) -> None:
    result = read("documents/vehicle-license-demo.png")
    assert result.kind == "vehicle_licence"
    assert {name: field.value for name, field in result.fields.items()} == {
        "plate": "鄂E3887k", "vehicle_type": "小型轿车", "owner_name": "穆高寒", "address": "山西省太原市北大街财苑巷",
        "use_character": "非营运", "model": "别克牌SGM7247ATA", "vin": "LFGGF53W0WH228343", "engine_no": "47CB521VL",
        "register_date": "2013-06-17", "issue_date": "2013-06-18", "valid_to": "2015-06-30",
        "authority": "广东省深圳市公安局交通警察支队",
    }  # fmt: skip
    assert {"plate_lower_case", "plate_region_differs", "inspection_expired"} <= codes(result)
    assert "vin_check" not in codes(result)


def test_the_vat_invoice(read: Read) -> None:
    result = read("documents/增值税发票样例.jpg")
    assert result.kind == "vat_invoice"
    assert {name: field.value for name, field in result.fields.items()} == {
        "invoice_code": "3103162166", "invoice_number": "60543644", "issue_date": "2017-08-30",
        "buyer_name": "华为技术有限公司", "buyer_id": "917107277650880665", "seller_name": "餐饮有限公司",
        "seller_tax_id": "9351099411892126", "price_without_tax": 885_000, "tax": 150_450, "total": 1_035_450,
        "total_in_words": "壹万零叁佰伍拾肆元伍角",
    }  # fmt: skip
    assert "uscc_check" in codes(result)
    # The seller's number of 16 digits has no check character, and is read with doubt.
    assert codes(result) == {"uscc_check", "field_unsure"}


@pytest.mark.parametrize(
    "name",
    ["bank-pos-slip.jpg", "barcode-demo.jpg", "general-table-demo.png", "handwriting-demo.jpg", "qr-code-demo.jpg"],
)
def test_papers_of_no_known_kind_go_to_a_person_without_values(read: Read, name: str) -> None:
    result = read(f"documents/{name}")
    assert result.kind == "other"
    assert "kind_unknown" in codes(result)
    assert result.fields == {}


# Of each redacted picture: its kind, and every value that really can be read on it.
REDACTED: dict[str, tuple[str, dict[str, Any]]] = {
    "身份证识别示例图.png": (
        "id_card_front",
        {"sex": "女", "ethnicity": "汉", "birth": "1990-01-24", "valid_from": "2015-09-18", "valid_to": "2025-09-18"},
    ),
    "行驶证识别示例图.png": (
        "vehicle_licence",
        {"vehicle_type": "小型轿车", "use_character": "非营运", "register_date": "2013-06-17", "issue_date":
         "2013-06-18", "authority": "广东省深圳市公安局交通警察支队", "valid_to": "2015-06-30"},
    ),
    "驾驶证识别示例图.png": (
        "driving_licence",
        {"sex": "男", "first_issue_date": "2002-11-05", "licence_class": "C1", "valid_from":
         "2014-11-05", "valid_to": "2024-11-05", "authority": "广东省深圳市公安局交通警察支队"},
    ),
    "机动车销售发票识别示例图.png": (
        "vehicle_sales_invoice",
        {"issue_date": "2017-07-22", "buyer_name": "华为技术有限公司", "vehicle_type": "多用途乘用车",
         "total": 17_580_000,
         "total_in_words": "壹拾柒万伍仟捌佰圆整", "price_without_tax": 15_025_641, "tax": 2_554_359},
    ),
    "银行卡识别示例图.png": ("bank_card", {"valid_to": "2024-04-30"}),
    "增值税发票识别示例图.png": (
        "vat_invoice",
        {"issue_date": "2017-08-30", "seller_name": "餐饮有限公司", "total": 1_035_450, "tax": 150_450,
         "total_in_words": "壹万零叁佰伍拾肆元伍角", "price_without_tax": 885_000},
    ),
    "定额发票识别示例图.png": ("other", {}),
    "手写文字识别示例图.png": ("other", {}),
    "车牌识别示例图.png": ("other", {}),
    "车辆通行费发票识别示例图.png": ("other", {}),
}  # fmt: skip


@pytest.mark.parametrize("name", REDACTED)
def test_hidden_values_are_never_guessed(read: Read, name: str) -> None:
    kind, readable = REDACTED[name]
    result = read(f"documents/redacted/{name}")
    assert result.kind == kind
    assert not result.sure
    guessed = {field: value for field, value in sure_values(result).items() if readable.get(field) != value}
    assert guessed == {}


def test_an_exif_turned_photo_and_white_ink_are_read_upright(read: Read) -> None:
    assert read("documents/edge/img_exif_orientation.jpg").text == "我是中国人"
    assert read("documents/edge/white_font_color_transparent.png").text == "我是中国人"


def test_a_black_page_is_blank_and_goes_to_a_person(read: Read) -> None:
    assert {"page_blank", "kind_unknown"} <= codes(read("documents/edge/empty_black.jpg"))


def test_vertical_writing_stays_as_it_is(read: Read) -> None:
    (sheet,) = read("documents/edge/text_vertical_words.png").sheets
    assert sheet.turn == 0
    assert {line.text for line in sheet.lines} == {
        "有評是是非非之士師也",
        "是非不得問之人要取之",
        "已取之時不參一人見而",
    }


def test_a_letter_photographed_is_read(read: Read) -> None:
    text = read("documents/edge/camera-letter.jpg").text
    assert "Old Sticky Pancake Company" in text
    assert "December 12, 2016" in text
