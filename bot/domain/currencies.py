"""Currencies by their ISO 4217 codes, and amounts in their minor units."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from bot.domain.errors import AmountInvalid, CurrencyUnknown

_LISTED: Final = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP
CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR
IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU
MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG
SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST
XAF XCD XOF XPF YER ZAR ZMW
"""
_CODES: Final = frozenset(_LISTED.split())
"""Currencies that people are paid in: ISO 4217 without funds, metals and units of account."""

_WHOLE: Final[str] = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THOUSANDTHS: Final[str] = "BHD IQD JOD KWD LYD OMR TND"
_EXPONENTS: Final[Mapping[str, int]] = {
    **{str(code): 0 for code in _WHOLE.split()},
    **{str(code): 3 for code in _THOUSANDTHS.split()},
}
"""Minor units by ISO 4217, list one, where they are not hundredths."""

_AMOUNT: Final = re.compile(r"([+-]?)(\d{1,12})(?:[.,](\d+))?")


def currency_of(code: str) -> str:
    """Return a currency's code in capitals. Raises CurrencyUnknown."""
    known = code.strip().upper()
    if known not in _CODES:
        raise CurrencyUnknown(code.strip()[:20])
    return known


def exponent_of(currency: str) -> int:
    """Return how many decimals an amount in this currency has."""
    return _EXPONENTS.get(currency, 2)


def minor_units(text: str, currency: str) -> int:
    """Return an amount such as "12.50" or "-3" in minor units. Nothing is rounded.

    Raises AmountInvalid for anything else, and for more decimals than the currency has.
    """
    exponent = exponent_of(currency)
    found = _AMOUNT.fullmatch(text.strip())
    decimals = (found and found[3]) or ""
    if found is None or len(decimals) > exponent:
        raise AmountInvalid(currency, exponent)
    value = int(found[2] + decimals.ljust(exponent, "0"))
    return -value if found[1] == "-" else value


def plain_amount(amount: int, currency: str) -> str:
    """Return minor units as a number with the currency's decimals: 1250 in EUR is "12.50"."""
    exponent = exponent_of(currency)
    digits = str(abs(amount)).rjust(exponent + 1, "0")
    sign = "-" if amount < 0 else ""
    return sign + (f"{digits[:-exponent]}.{digits[-exponent:]}" if exponent else digits)
