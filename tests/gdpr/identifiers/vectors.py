"""Published numbers: of registers' examples and of others' tests; they belong to nobody."""

from __future__ import annotations

PERSONS = {
    "15108695088": "fodselsnummer",
    "31129956715": "fodselsnummer",
    "13097248022": "fodselsnummer",
    "29029648784": "fodselsnummer",  # a leap day
    "30108299920": "fodselsnummer",
    "30108299939": "fodselsnummer_2032",
    "02013299997": "fodselsnummer",
    "02013299903": "fodselsnummer_2032",
    "02013299806": "fodselsnummer",
    "53097248016": "d_number",
    "42059199212": "d_number",
    "13527248013": "h_number",
    "10519120173": "h_number",
    "01410199935": "h_number",
    "10915596784": "tenor_synthetic",
    "11854898347": "tenor_synthetic",
    "88888888831": "fh_number",
}
NO_PERSONS = (
    "00000000000",
    "12345678901",
    "15108695089",
    "30108299948",
    "98019800546",
    "86011117947",
    "97104133219",
    "12345678903",
)
ACCOUNTS = ("86011117947", "97104133219", "12345678903")
NO_ACCOUNTS = ("00000000000", "99990000005", "86011117948", *PERSONS)
ORGANISATIONS = ("974760673", "988077917", "948243113")
NO_ORGANISATIONS = ("974760674", "123456789", "000000000", "100000008")
