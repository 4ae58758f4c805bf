//! What was read, in one line, and the receipt folded under it.

use maud::{Markup, html};

use crate::answer::{Answer, Read};
use crate::render::words;

pub(super) fn receipt(answer: &Answer) -> Markup {
    html! {
        section.read aria-labelledby="read" {
            h2 #read { "What was read" }
            p { (words::read(answer)) }
            details.receipt {
                summary { "Receipt" }
                dl {
                    @for (label, value) in words::receipt(answer) {
                        div { dt { (label) } dd { bdi { (value) } } }
                    }
                }
            }
        }
    }
}

/// Of several questions together.
pub(super) fn read(read: &Read) -> Markup {
    html! { p.read-line { (words::what_was_read(read)) } }
}
