//! Spellings of one name, and names that must stay apart.

use proptest::prelude::*;

use super::{Name, domain};

#[track_caller]
fn check(typed: &str, core: &str, form: &str) {
    let name = Name::of(typed);
    assert_eq!(
        (name.core.as_str(), name.form.as_str()),
        (core, form),
        "{typed}"
    );
}

#[test]
fn case_accents_width_and_punctuation_do_not_count() {
    check("  General   ELECTRIC ", "general electric", "");
    check("Nestlé", "nestle", "");
    check("Ｔｏｙｏｔａ　Ｍｏｔｏｒ", "toyota motor", "");
    check("Straße", "strasse", "");
    check("Ørsted", "orsted", "");
    check("Łódź Łódzka", "lodz lodzka", "");
    check("Đuro Đaković", "duro dakovic", "");
    check("Æther Œuvre", "aether oeuvre", "");
    check("İŞ Bankası", "is bankasi", "");
    check("Coca-Cola", "coca cola", "");
    check("Yahoo!", "yahoo", "");
    check("McDonald’s", "mcdonalds", "");
    check("Intel® Core™", "intel core", "");
    check("삼성전자", "삼성전자", "");
    check("ガス", "ガス", "");
    check("カス", "カス", "");
    check("Северсталь й", "северсталь и", "");
}

#[test]
fn initials_are_one_word() {
    check("J.P. Morgan", "jp morgan", "");
    check("J. P. Morgan", "jp morgan", "");
    check("JP Morgan", "jp morgan", "");
    check("U.S. Steel", "us steel", "");
    check("3 M", "3m", "");
    check("Plan B S.r.l.", "plan b", "srl");
    check("Amazon.com, Inc.", "amazon com", "inc");
}

#[test]
fn every_and_is_the_same() {
    for typed in [
        "Marks & Spencer",
        "marks and spencer",
        "Marks + Spencer",
        "Marks und Spencer",
    ] {
        check(typed, "marks and spencer", "");
    }
    check("Moët et Chandon", "moet and chandon", "");
    check("Pérez y Hijos", "perez and hijos", "");
    check("AT&T Inc.", "at and t", "inc");
    check("Disney+", "disney", "");
    check("& Sons", "sons", "");
    check("and", "and", "");
}

#[test]
fn legal_forms_come_off_the_end() {
    for (typed, form) in [
        ("Acme Inc", "inc"),
        ("Acme, Incorporated", "inc"),
        ("Acme Corp.", "corp"),
        ("Acme Corporation", "corp"),
        ("Acme Co", "co"),
        ("Acme & Company", "co"),
        ("Acme Ltd", "ltd"),
        ("Acme Limited", "ltd"),
        ("Acme LLC", "llc"),
        ("Acme L.L.C.", "llc"),
        ("Acme Limited Liability Company", "llc"),
        ("Acme PLC", "plc"),
        ("Acme L.P.", "lp"),
        ("Acme LLP", "llp"),
        ("Acme GmbH", "gmbh"),
        ("Acme mbH", "mbh"),
        ("Acme AG", "ag"),
        ("Acme SE", "se"),
        ("Acme KG", "kg"),
        ("Acme KGaA", "kgaa"),
        ("Acme GmbH & Co. KG", "co gmbh kg"),
        ("Acme e.V.", "ev"),
        ("Acme SA", "sa"),
        ("Acme S.A.", "sa"),
        ("Acme S. A.", "sa"),
        ("Acme SAS", "sas"),
        ("Acme SARL", "sarl"),
        ("Acme S.à r.l.", "sarl"),
        ("Acme SpA", "spa"),
        ("Acme S.p.A.", "spa"),
        ("Acme Srl", "srl"),
        ("Acme B.V.", "bv"),
        ("Acme N.V.", "nv"),
        ("Acme AB (publ)", "ab publ"),
        ("Acme A/S", "as"),
        ("Acme ASA", "asa"),
        ("Acme Oy", "oy"),
        ("Acme Oyj", "oyj"),
        ("Acme Sp. z o.o.", "sp zoo"),
        ("Acme sp. z oo", "sp zoo"),
        ("Acme s.r.o.", "sro"),
        ("Acme a.s.", "as"),
        ("Acme Kft.", "kft"),
        ("Acme Zrt.", "zrt"),
        ("Acme d.o.o.", "doo"),
        ("Acme Pty Ltd", "ltd pty"),
        ("Acme Pte. Ltd.", "ltd pte"),
        ("Acme Private Limited", "ltd pvt"),
        ("Acme Sdn Bhd", "bhd sdn"),
        ("Acme Bhd", "bhd"),
        ("PT Acme Tbk", "pt tbk"),
        ("Acme K.K.", "kk"),
        ("Acme Co., Ltd.", "co ltd"),
        ("Acme有限公司", "有限公司"),
        ("Acme 股份有限公司", "股份有限公司"),
        ("株式会社Acme", "株式会社"),
        ("㈱Acme", "株式会社"),
        ("주식회사 Acme", "주식회사"),
        ("ООО «Acme»", "ooo"),
        ("OOO Acme", "ooo"),
        ("ОАО Acme", "oao"),
        ("ПАО Acme", "pao"),
        ("АО Acme", "ao"),
        ("ЗАО Acme", "zao"),
        ("Acme Ltda.", "ltda"),
        ("Acme, S.A. de C.V.", "sa de cv"),
        ("Acme S. de R.L. de C.V.", "s de rl de cv"),
        ("The Acme Company", "co"),
    ] {
        check(typed, "acme", form);
    }
}

#[test]
fn what_tells_companies_apart_stays() {
    check("Acme Group", "acme group", "");
    check("Acme Holdings Inc", "acme holdings", "inc");
    check("SAS Institute Inc.", "sas institute", "inc");
    check("Limited Brands", "limited brands", "");
    check("Ag Growth International", "ag growth international", "");
    check("The Gap", "gap", "");
}

#[test]
fn a_name_of_nothing_but_a_form_keeps_it() {
    check("Limited", "limited", "");
    check("The Limited", "limited", "");
    check("The", "the", "");
    check("SAS AB", "sas", "ab");
    check("株式会社", "株式会社", "");
    check("Co., Ltd.", "co", "ltd");
}

#[test]
fn without_a_letter_the_signs_are_the_name() {
    check(" !!! ", "!!!", "");
    check("…", "…", "");
    check("  ", "", "");
}

#[test]
fn a_domain_is_its_host() {
    for typed in [
        "acme.com",
        "ACME.com.",
        "https://www.acme.com/about?x=1#top",
        "http://acme.com:8080",
        "www.acme.com",
        " acme.com/ ",
        "jane@acme.com",
        "mailto:jane@acme.com",
    ] {
        assert_eq!(domain(typed).as_deref(), Some("acme.com"), "{typed}");
    }
    assert_eq!(domain("shop.Müller.de").as_deref(), Some("shop.müller.de"));
    assert_eq!(domain("www.com").as_deref(), Some("www.com"));
    for typed in [
        "acme",
        "acme inc.",
        "3.5",
        "",
        ".",
        "a..b",
        "https://",
        "Acme & Co. KG",
    ] {
        assert_eq!(domain(typed), None, "{typed}");
    }
}

proptest! {
    #[test]
    fn whatever_is_typed_becomes_tidy_words(text in "\\PC{0,40}") {
        let name = Name::of(&text);
        let _ = domain(&text);
        for part in [&name.core, &name.form, &name.words] {
            prop_assert_eq!(part.split_whitespace().collect::<Vec<_>>().join(" "), part.clone());
        }
    }

    #[test]
    fn case_never_counts(text in "[A-Za-z&.,' éüß]{0,30}") {
        prop_assert_eq!(Name::of(&text).core, Name::of(&text.to_uppercase()).core);
    }
}
