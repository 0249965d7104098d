"""Payslips as a payroll system exports them: Windows-1252, semicolons, Norwegian numbers."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipelines.demo.employees import Employee, employees
from pipelines.demo.files import Drop, Line, arrival_file
from pipelines.demo.planted import Fault, Seed
from pipelines.demo.week import DAYS, LATE_DAY, dice

MUNICIPALITY = "1122"
_HEADER = (
    "Lønnsbilag;Fødselsnummer;Ansattnr;Navn;Bankkonto;Ansvar;Stillingsgruppe;"
    "Utbetalt;Stillingsprosent;Bruttolønn"
)
_GROUPS = {
    "Administrasjon": "administration",
    "Pleie og omsorg": "care",
    "Undervisning": "teaching",
    "Teknisk": "technical",
}
_OF_UNIT = {
    "2101": ("Undervisning", "Undervisning", "Undervisning", "Administrasjon"),
    "3310": ("Pleie og omsorg", "Pleie og omsorg", "Teknisk"),
    "4105": ("Teknisk",),
    "1001": ("Administrasjon",),
}
_PAYDAY = DAYS[1]
_CORRECTED = range(30, 36)
_REPEATED = range(50, 53)
_ORES_FOR_KRONER, _NO_POSITION, _NO_UNIT, _NOT_A_NUMBER = 60, 61, 62, 63
_NORWEGIAN = str.maketrans({",": "\N{NO-BREAK SPACE}", ".": ","})


@dataclass(frozen=True, slots=True)
class _Slip:
    number: int
    who: Employee
    group: str
    percent: float
    pay: float


def payslip_drops() -> tuple[Drop, ...]:
    """Gjesdal's files: the month's pay, and the corrections a week later."""
    lines = (line for at, who in enumerate(employees(MUNICIPALITY)) for line in _lines(at, who))
    return (Drop(MUNICIPALITY, "payroll", tuple(lines), _HEADER, encoding="cp1252"),)


def _lines(at: int, who: Employee) -> Iterator[Line]:
    slip = _slip(at, who)
    fault, rule = _TROUBLE.get(at, ("", ""))
    seed = Seed(
        key=str(slip.number),
        day=_PAYDAY,
        arrives=_PAYDAY,
        fault=fault,
        rule=rule,
        person=who.person.national_id,
        group=("2026-10-01", who.unit, _GROUPS[slip.group]),
        member=who.person.national_id,
    )
    line = Line(arrival_file("lonn", _PAYDAY, "csv"), _text(slip, at), seed)
    yield line
    if at in _REPEATED:
        yield replace(line, seed=replace(seed, change="duplicate"))
    if at in _CORRECTED:
        raised = replace(slip, pay=slip.pay + 1_250)
        later = replace(seed, arrives=LATE_DAY, change="update")
        yield Line(arrival_file("lonn", LATE_DAY, "csv"), _text(raised, at), later)


def _slip(at: int, who: Employee) -> _Slip:
    chance = dice(f"{MUNICIPALITY}/payslip/{at}")
    percent = chance.choice((100.0, 100.0, 80.0, 50.0))
    pay = chance.randrange(38_000, 72_000) * percent / 100
    return _Slip(90_000 + at, who, chance.choice(_OF_UNIT[who.unit]), percent, round(pay, 2))


def _text(slip: _Slip, at: int) -> str:
    cells = {
        "number": str(slip.number),
        "national_id": slip.who.person.national_id,
        "employee": slip.who.number,
        "name": slip.who.person.name,
        "account": _account(at),
        "unit": slip.who.unit,
        "group": slip.group,
        "paid": f"{_PAYDAY:%d.%m.%Y}",
        "percent": _number(slip.percent),
        "pay": _number(slip.pay),
    }
    wrongs = {
        _ORES_FOR_KRONER: {"pay": _number(slip.pay * 100)},
        _NO_POSITION: {"percent": _number(0)},
        _NO_UNIT: {"unit": ""},
        _NOT_A_NUMBER: {"pay": "se vedlegg"},
    }
    return ";".join((cells | wrongs.get(at, {})).values())


def _account(at: int) -> str:
    # no bank has the register number 0000
    return f"0000.00.{at:05d}"


def _number(value: float) -> str:
    return f"{value:,.2f}".translate(_NORWEGIAN)


_TROUBLE: dict[int, tuple[Fault, str]] = {
    _ORES_FOR_KRONER: ("unit_mistake", "gross_pay_nok:range"),
    _NO_POSITION: ("contradiction", "a position that is paid has a size"),
    _NO_UNIT: ("missing", "unit_code:required"),
    _NOT_A_NUMBER: ("broken", "gross_pay_nok:type"),
}
