//! Legal forms, and taking them off a name.
//!
//! One spelling stands for each form. `Group` and `Holdings` are no forms: they
//! are what tells two companies apart.

use super::AND;

/// Forms of several words, after initials were glued (`Sp. z o.o.` is `sp`, `z`, `oo`).
const LONG: &[(&[&str], &str)] = &[
    (&["limited", "liability", "company"], "llc"),
    (&["limited", "liability", "partnership"], "llp"),
    (&["public", "limited", "company"], "plc"),
    (&["public", "joint", "stock", "company"], "pjsc"),
    (&["joint", "stock", "company"], "jsc"),
    (&["sa", "de", "cv"], "sa de cv"),
    (&["sab", "de", "cv"], "sab de cv"),
    (&["sapi", "de", "cv"], "sapi de cv"),
    (&["s", "de", "rl", "de", "cv"], "s de rl de cv"),
    (&["sp", "zoo"], "sp zoo"),
    (&["sp", "z", "oo"], "sp zoo"),
    (&["spol", "sro"], "sro"),
    (&["spol", "s", "ro"], "sro"),
    (&["sa", "rl"], "sarl"),
    (&["societe", "anonyme"], "sa"),
    (&["sociedad", "anonima"], "sa"),
    (&["kabushiki", "kaisha"], "kk"),
];

/// Written on to the name without a space, front or end; longest first.
const ATTACHED: &[&str] = &[
    "股份有限公司",
    "有限责任公司",
    "有限責任公司",
    "株式会社",
    "合同会社",
    "有限会社",
    "有限公司",
    "주식회사",
    "유한회사",
];

/// A form of one word, at the end of a name.
fn at_end(word: &str) -> Option<&'static str> {
    Some(match word {
        "inc" | "incorporated" => "inc",
        "corp" | "corporation" => "corp",
        "co" | "company" => "co",
        "ltd" | "limited" => "ltd",
        "pvt" | "private" => "pvt",
        "pty" | "proprietary" => "pty",
        "llc" => "llc",
        "llp" => "llp",
        "lllp" => "lllp",
        "lp" => "lp",
        "plc" => "plc",
        "pllc" => "pllc",
        "publ" => "publ",
        "jsc" => "jsc",
        "gmbh" => "gmbh",
        "mbh" => "mbh",
        "ggmbh" => "ggmbh",
        "ug" => "ug",
        "ag" | "aktiengesellschaft" => "ag",
        "se" => "se",
        "kg" => "kg",
        "kgaa" => "kgaa",
        "ohg" => "ohg",
        "ev" => "ev",
        "sa" => "sa",
        "sas" => "sas",
        "sasu" => "sasu",
        "sarl" => "sarl",
        "sca" => "sca",
        "spa" => "spa",
        "srl" => "srl",
        "sl" => "sl",
        "slu" => "slu",
        "sau" => "sau",
        "lda" => "lda",
        "ltda" | "limitada" => "ltda",
        "eireli" => "eireli",
        "bv" => "bv",
        "nv" => "nv",
        "bvba" => "bvba",
        "ab" | "aktiebolag" => "ab",
        "as" => "as",
        "asa" => "asa",
        "aps" => "aps",
        "oy" => "oy",
        "oyj" => "oyj",
        "ou" => "ou",
        "hf" => "hf",
        "ehf" => "ehf",
        "sro" => "sro",
        "kft" => "kft",
        "zrt" => "zrt",
        "nyrt" => "nyrt",
        "doo" => "doo",
        "dd" => "dd",
        "pte" => "pte",
        "sdn" => "sdn",
        "bhd" | "berhad" => "bhd",
        "tbk" => "tbk",
        "kk" => "kk",
        "gk" => "gk",
        "株" => "株式会社",
        "주" => "주식회사",
        _ => return at_either_end(word),
    })
}

/// A form of one word that some put first.
fn at_either_end(word: &str) -> Option<&'static str> {
    Some(match word {
        "pt" => "pt",
        "uab" => "uab",
        "ooo" | "ооо" => "ooo",
        "oao" | "оао" => "oao",
        "pao" | "пао" => "pao",
        "zao" | "зао" => "zao",
        "pjsc" => "pjsc",
        "ао" => "ao",
        "нао" => "nao",
        "тоо" => "too",
        _ => return ATTACHED.iter().find(|form| **form == word).copied(),
    })
}

/// A form of one word that is first, and no word of a name when it is.
fn at_front(word: &str) -> Option<&'static str> {
    match word {
        "株" => Some("株式会社"),
        "주" => Some("주식회사"),
        _ => at_either_end(word),
    }
}

/// A name's words without its legal forms and a leading `The`, and the forms.
/// Where there is nothing but forms, one of them is the name.
pub(super) fn part(words: &[String]) -> (String, String) {
    let mut rest = words;
    let mut forms: Vec<&str> = Vec::new();
    if let [first, tail @ ..] = rest
        && first == "the"
        && !tail.is_empty()
    {
        rest = tail;
    }
    while let Some((shorter, form)) = without_end(rest) {
        rest = shorter;
        forms.extend(form);
    }
    while let [first, tail @ ..] = rest
        && !tail.is_empty()
        && let Some(form) = at_front(first)
    {
        rest = tail;
        forms.push(form);
    }
    let mut core = rest.join(" ");
    for form in ATTACHED {
        let bare = core.strip_suffix(form).or_else(|| core.strip_prefix(form));
        if let Some(bare) = bare.map(str::trim).filter(|bare| !bare.is_empty()) {
            core = bare.to_owned();
            forms.push(form);
        }
    }
    // Last to first was the way they came off; two orders of them are one form.
    forms.sort_unstable();
    (core, forms.join(" "))
}

/// Takes one form (or an `and` that joins nothing any more) off the end.
fn without_end(words: &[String]) -> Option<(&[String], Option<&'static str>)> {
    for (long, form) in LONG {
        let at = words.len().saturating_sub(long.len());
        if at > 0 && words.get(at..).is_some_and(|end| end == *long) {
            return Some((words.get(..at)?, Some(form)));
        }
    }
    let (last, rest) = words.split_last()?;
    if rest.is_empty() {
        None
    } else if last == AND {
        Some((rest, None))
    } else {
        at_end(last).map(|form| (rest, Some(form)))
    }
}
