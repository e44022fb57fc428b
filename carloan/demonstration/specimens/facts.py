"""What stands on each kind of paper, before it is drawn. Money is in minor units, rates in parts per million."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar


@dataclass(frozen=True)
class IdCardFront:
    kind: ClassVar[str] = "id_card_front"
    name: str
    sex: str
    ethnicity: str
    birth: date
    address: str
    number: str


@dataclass(frozen=True)
class IdCardBack:
    """`valid_to` None is printed as 长期."""

    kind: ClassVar[str] = "id_card_back"
    authority: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class DrivingLicence:
    kind: ClassVar[str] = "driving_licence"
    number: str
    name: str
    sex: str
    address: str
    birth: date
    first_issue_date: date
    licence_class: str
    valid_from: date
    valid_to: date | None
    authority: str
    file_no: str


@dataclass(frozen=True)
class VehicleLicence:
    """`inspected_to` is the last day of the month until which the last inspection counts."""

    kind: ClassVar[str] = "vehicle_licence"
    plate: str
    vehicle_type: str
    owner_name: str
    address: str
    use_character: str
    model: str
    vin: str
    engine_no: str
    register_date: date
    issue_date: date
    authority: str
    file_no: str
    seats: int
    mass: int
    size: str
    inspected_to: date


@dataclass(frozen=True)
class VehicleSalesInvoice:
    kind: ClassVar[str] = "vehicle_sales_invoice"
    invoice_code: str
    invoice_number: str
    issue_date: date
    buyer_name: str
    buyer_id: str
    vehicle_type: str
    model: str
    origin: str
    conformity_no: str
    engine_no: str
    vin: str
    total: int
    tax: int
    price_without_tax: int
    seller_name: str
    seller_tax_id: str
    seller_phone: str
    seller_address: str
    seller_bank: str
    seller_account: str
    tax_office: str
    seats: int
    # Only a deliberately faulty paper says something else here than what `total` reads in capitals.
    total_in_words: str


@dataclass(frozen=True)
class VatInvoice:
    """`invoice_code` is empty on the fully digital invoice, whose number has twenty digits."""

    kind: ClassVar[str] = "vat_invoice"
    invoice_code: str
    invoice_number: str
    issue_date: date
    province: str
    buyer_name: str
    buyer_id: str
    buyer_address: str
    buyer_bank: str
    seller_name: str
    seller_tax_id: str
    seller_address: str
    seller_bank: str
    item: str
    specification: str
    unit: str
    quantity: int
    tax_percent: int
    price_without_tax: int
    tax: int
    total: int
    total_in_words: str
    clerk: str


@dataclass(frozen=True)
class BankCard:
    """`valid_to` is the last day of the month on the card."""

    kind: ClassVar[str] = "bank_card"
    number: str
    bank_name: str
    valid_to: date


@dataclass(frozen=True)
class LoanContract:
    kind: ClassVar[str] = "loan_contract"
    contract_no: str
    lender: str
    borrower_name: str
    borrower_id: str
    borrower_address: str
    borrower_phone: str
    principal: int
    principal_in_words: str
    term_months: int
    rate: int
    issue_date: date
    vehicle: str
    vin: str


@dataclass(frozen=True)
class RegistrationCertificate:
    kind: ClassVar[str] = "vehicle_registration_certificate"
    certificate_no: str
    owner_name: str
    owner_id: str
    authority: str
    register_date: date
    plate: str
    vehicle_type: str
    model: str
    colour: str
    vin: str
    engine_no: str
    maker: str
    seats: int
    mass: int
    size: str
    use_character: str
    made: date
    issue_date: date
    mortgagee: str
    mortgaged_on: date | None


@dataclass(frozen=True)
class SettlementCertificate:
    kind: ClassVar[str] = "settlement_certificate"
    certificate_no: str
    lender: str
    contract_no: str
    borrower_name: str
    borrower_id: str
    principal: int
    settled_on: date
    issue_date: date
    plate: str
    vin: str


Facts = (
    IdCardFront
    | IdCardBack
    | DrivingLicence
    | VehicleLicence
    | VehicleSalesInvoice
    | VatInvoice
    | BankCard
    | LoanContract
    | RegistrationCertificate
    | SettlementCertificate
)
