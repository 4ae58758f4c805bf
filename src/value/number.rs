//! Numbers as people and sources write them: `63.802B`, `$ 12M`, `(5.1)`, `1,234.5`, `12 %`.
//!
//! A percent or currency sign or code is dropped, not computed with; a comma
//! only groups thousands. What does not read as one finite number is `None`.

/// Suffixes in any case, the longer ones first.
const SUFFIXES: [(&str, f64); 7] = [
    ("mn", 1e6),
    ("bn", 1e9),
    ("tn", 1e12),
    ("k", 1e3),
    ("m", 1e6),
    ("b", 1e9),
    ("t", 1e12),
];

/// ISO 4217 codes in use.
const CURRENCIES: &str = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG";

/// Reads one number, whatever dress it wears.
#[must_use]
pub fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    let (text, negative) = match text.strip_prefix('(').and_then(|t| t.strip_suffix(')')) {
        Some(inner) => (inner.trim(), true),
        None => (text, false),
    };
    let text = without_marks(text)?;
    let (text, minus) = sign(text);
    // A sign may stand before or after the currency: `-$5`, `$-5`.
    let text = if minus.is_some() {
        without_marks(text)?
    } else {
        text
    };
    if negative && minus.is_some() {
        return None;
    }
    let (digits, factor) = scaled(text);
    let digits = digits.trim_end();
    let magnitude: f64 = ungrouped(digits)?.parse().ok()?;
    let value = magnitude
        * factor
        * if negative || minus == Some(true) {
            -1.0
        } else {
            1.0
        };
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

fn is_currency_code(code: &str) -> bool {
    code.len() == 3 && CURRENCIES.split(' ').any(|known| known == code)
}

/// Unicode's currency symbols that values really carry.
pub(super) fn is_currency_sign(c: char) -> bool {
    matches!(
        c,
        '$' | '¢' | '£' | '¤' | '¥' | '\u{20a0}'..='\u{20cf}' | '＄' | '￡' | '￥' | '￦'
    )
}

/// A leading sign; `Some(true)` is minus.
fn sign(text: &str) -> (&str, Option<bool>) {
    match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (rest.trim_start(), Some(true)),
        None => match text.strip_prefix('+') {
            Some(rest) => (rest.trim_start(), Some(false)),
            None => (text, None),
        },
    }
}

fn scaled(text: &str) -> (&str, f64) {
    for (suffix, factor) in SUFFIXES {
        let Some(at) = text.len().checked_sub(suffix.len()) else {
            continue;
        };
        if let (Some(head), Some(tail)) = (text.get(..at), text.get(at..))
            && tail.eq_ignore_ascii_case(suffix)
        {
            return (head, factor);
        }
    }
    (text, 1.0)
}

/// Plain digits with an optional fraction and exponent, commas in groups of three dropped.
fn ungrouped(text: &str) -> Option<String> {
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (text.get(..at)?, text.get(at + 1..)),
        None => (text, None),
    };
    if let Some(exponent) = exponent {
        let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
    }
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() && fraction.is_none_or(str::is_empty) || !fraction.is_none_or(digits) {
        return None;
    }
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let grouped = whole.contains(',');
    if !digits(first) || grouped && !(1..=3).contains(&first.len()) {
        return None;
    }
    if !groups.all(|group| group.len() == 3 && digits(group)) {
        return None;
    }
    let mut plain = whole.replace(',', "");
    if plain.is_empty() {
        plain.push('0');
    }
    if let Some(fraction) = fraction.filter(|f| !f.is_empty()) {
        plain.push('.');
        plain.push_str(fraction);
    }
    if let Some(exponent) = exponent {
        plain.push('e');
        plain.push_str(exponent);
    }
    Some(plain)
}
