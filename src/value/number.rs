//! Numbers as people and sources write them: `63.802B`, `$ 12M`, `(5.1)`, `1,234.5`, `12 %`.
//!
//! A percent or currency sign or code is dropped, not computed with; a comma
//! only groups thousands. What does not read as one finite number is `None`.

use std::fmt::Display;

/// Suffixes in any case, the longer ones first, and their powers of ten.
const SUFFIXES: [(&str, i32); 7] = [
    ("mn", 6),
    ("bn", 9),
    ("tn", 12),
    ("k", 3),
    ("m", 6),
    ("b", 9),
    ("t", 12),
];

/// ISO 4217 codes in use.
const CURRENCIES: &str = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG";

/// A whole number as people write it: `1234567` as `1,234,567`. Of one that is reckoned, its digits.
#[must_use]
pub fn grouped(number: impl Display) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Reads one number, whatever dress it wears.
#[must_use]
pub fn number(text: &str) -> Option<f64> {
    let text = without_marks(text)?;
    let inner = text.strip_prefix('(').and_then(|t| t.strip_suffix(')'));
    let text = without_marks(inner.unwrap_or(text))?;
    let (text, sign) = signed(text);
    if inner.is_some() && sign.is_some() {
        return None;
    }
    // A sign may stand before or after the currency: `-$5`, `$-5`.
    let text = if sign.is_some() {
        without_marks(text)?
    } else {
        text
    };
    let (digits, power) = scaled(text);
    let magnitude: f64 = ungrouped(digits.trim_end(), power)?.parse().ok()?;
    let sign = if inner.is_some() {
        -1.0
    } else {
        sign.unwrap_or(1.0)
    };
    let value = sign * magnitude;
    value.is_finite().then_some(value)
}

/// Drops percent and currency signs and codes from both ends, one of each at most.
fn without_marks(text: &str) -> Option<&str> {
    let mut rest = text.trim();
    for _ in 0..2 {
        rest = strip_front(rest).unwrap_or(rest).trim_start();
        rest = strip_back(rest).unwrap_or(rest).trim_end();
    }
    (!rest.is_empty()).then_some(rest)
}

fn strip_front(text: &str) -> Option<&str> {
    if let Some(rest) = text.strip_prefix(is_currency_sign) {
        return Some(rest);
    }
    let code = text.get(..3).filter(|code| is_currency_code(code))?;
    text.strip_prefix(code)
}

fn strip_back(text: &str) -> Option<&str> {
    if let Some(rest) = text.strip_suffix(|c| is_currency_sign(c) || c == '%') {
        return Some(rest);
    }
    let code = text
        .get(text.len().checked_sub(3)?..)
        .filter(|code| is_currency_code(code))?;
    text.strip_suffix(code)
}

/// In any case: people type `10m usd`.
fn is_currency_code(code: &str) -> bool {
    code.bytes().all(|b| b.is_ascii_alphabetic())
        && CURRENCIES
            .split(' ')
            .any(|known| known.eq_ignore_ascii_case(code))
}

/// Unicode's currency symbols that values really carry.
pub(super) fn is_currency_sign(c: char) -> bool {
    matches!(
        c,
        '$' | '¢' | '£' | '¤' | '¥' | '\u{20a0}'..='\u{20cf}' | '＄' | '￡' | '￥' | '￦'
    )
}

/// A leading sign, as a factor.
fn signed(text: &str) -> (&str, Option<f64>) {
    if let Some(rest) = text.strip_prefix(['-', '\u{2212}']) {
        (rest.trim_start(), Some(-1.0))
    } else if let Some(rest) = text.strip_prefix('+') {
        (rest.trim_start(), Some(1.0))
    } else {
        (text, None)
    }
}

/// Whether a number is written with a scale: `388.1B`, not `388.1`.
pub(super) fn has_scale(text: &str) -> bool {
    let bare = text.trim().trim_end_matches([')', '%']);
    let bare = without_marks(bare).unwrap_or(bare);
    scaled(bare).1 > 0
}

fn scaled(text: &str) -> (&str, i32) {
    for (suffix, power) in SUFFIXES {
        let Some(at) = text.len().checked_sub(suffix.len()) else {
            continue;
        };
        if let (Some(head), Some(tail)) = (text.get(..at), text.get(at..))
            && tail.eq_ignore_ascii_case(suffix)
        {
            return (head, power);
        }
    }
    (text, 0)
}

/// Plain digits with an optional fraction and exponent; commas in groups of three dropped. The
/// scale joins the exponent: multiplied, 8.2M would be 8,199,999.999999999.
fn ungrouped(text: &str, scale: i32) -> Option<String> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent),
        None => (text, "0"),
    };
    let scaled = exponent.parse::<i32>().ok()?.checked_add(scale)?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let power = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let none = whole.is_empty() && fraction.is_empty();
    if none || power.is_empty() || !is_digits(power) || !is_digits(fraction) {
        return None;
    }
    Some(format!("0{}.{fraction}e{scaled}", without_commas(whole)?))
}

/// `1,234,567` without its commas; `12,5` and `0,123` are no grouping.
fn without_commas(whole: &str) -> Option<String> {
    let Some((first, groups)) = whole.split_once(',') else {
        return is_digits(whole).then(|| whole.to_owned());
    };
    let first_fits = (1..=3).contains(&first.len()) && is_digits(first) && !first.starts_with('0');
    let groups_fit = groups
        .split(',')
        .all(|group| group.len() == 3 && is_digits(group));
    (first_fits && groups_fit).then(|| whole.replace(',', ""))
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}
