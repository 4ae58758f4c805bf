//! The frame of every page: head, search box, foot.
//!
//! A page is sent whole, or begun before its answer is there: [`begun`], then [`Page::rest`].
//! Start at [`shell`].

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::asset::Kind;

/// What the frame shows around a page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Shell<'a> {
    /// With the search box: whoever may ask.
    pub search: bool,
    /// What stands in it.
    pub words: &'a str,
    /// Attributes that may be offered while somebody types: name and label.
    pub attributes: &'a [(String, String)],
    /// Who is signed in, where somebody had to.
    pub reader: Option<&'a str>,
}

/// A page without its frame.
#[derive(Debug, Clone)]
pub struct Page {
    pub title: String,
    pub body: Markup,
}

impl Page {
    #[must_use]
    pub fn whole(self, frame: &Shell<'_>) -> Markup {
        shell(&self.title, html! {}, self.body, frame)
    }

    /// What follows [`begun`].
    #[must_use]
    pub fn rest(self) -> Markup {
        html! {
            div.arrived data-title=(self.title) { (self.body) }
            (PreEscaped("</main>")) (foot()) (PreEscaped("</body></html>"))
        }
    }
}

/// A whole page. `head` is what it needs beside the frame's own style sheet and script.
#[must_use]
pub fn shell(title: &str, head: Markup, body: Markup, frame: &Shell<'_>) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            (head_of(title, head))
            body {
                (top(frame))
                main #main { (body) }
                (foot())
            }
        }
    }
}

/// The beginning of a page whose answer takes its time; what comes after it hides the notice.
#[must_use]
pub fn begun(frame: &Shell<'_>) -> Markup {
    html! {
        (DOCTYPE)
        (PreEscaped("<html lang=\"en\">"))
        (head_of("Reading the lake", html! {}))
        (PreEscaped("<body>"))
        (top(frame))
        (PreEscaped("<main id=\"main\">"))
        div.waiting role="status" {
            h1 { "Reading the lake\u{2026}" }
            p { "This takes longer than usual. The answer appears here by itself; nothing needs to be pressed." }
        }
    }
}

/// By itself, and by a link for whoever is not led on.
pub(super) fn moved(address: &str) -> Page {
    Page {
        title: "Found".to_owned(),
        body: html! {
            meta http-equiv="refresh" content=(format!("0;url={address}"));
            p { a href=(address) { "Go on to the answer" } }
        },
    }
}

fn head_of(title: &str, more: Markup) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            title { (title) " \u{b7} why" }
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            meta name="referrer" content="no-referrer";
            link rel="icon" type="image/svg+xml" href=(Kind::Icon.href());
            link rel="stylesheet" href=(Kind::Css.href());
            script src=(Kind::Js.href()) defer {}
            (more)
        }
    }
}

fn top(frame: &Shell<'_>) -> Markup {
    html! {
        a.skip href="#main" { "Skip to the answer" }
        header.top {
            @if frame.search {
                a.brand href="/" aria-label="why: search" { "why" }
                (search(frame))
                @if let Some(reader) = frame.reader {
                    form.out method="post" action="/sign-out" {
                        button.quiet type="submit" title=(format!("Signed in as {reader}")) { "Sign out" }
                    }
                }
            } @else {
                span.brand { "why" }
            }
        }
    }
}

fn search(frame: &Shell<'_>) -> Markup {
    let attributes: Vec<String> = frame
        .attributes
        .iter()
        .map(|(name, label)| format!("{name}={label}"))
        .collect();
    html! {
        form.search role="search" action="/" method="get" data-attributes=(attributes.join("|")) {
            label.unseen for="q" { "A company and an attribute" }
            div.box {
                input #q name="q" type="search" value=(frame.words) dir="auto"
                    placeholder="acme revenue" autocomplete="off" autocapitalize="off"
                    spellcheck="false" maxlength="1000" enterkeyhint="search";
                ul #offers role="listbox" aria-label="Suggestions" hidden {}
            }
            button type="submit" { "Ask" }
        }
    }
}

fn foot() -> Markup {
    html! {
        footer.foot { p { "All times and days are UTC." } }
    }
}
