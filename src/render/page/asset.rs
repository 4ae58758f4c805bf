//! The page's own style sheet, script and icon: one file each, named after what is in it.
//!
//! A browser keeps them for good; a change is another name. Start at [`asset`].

/// A file that every page uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asset {
    pub content_type: &'static str,
    pub text: &'static str,
}

const CSS: &str = include_str!("page.css");
const JS: &str = include_str!("page.js");
const ICON: &str = include_str!("icon.svg");

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Css,
    Js,
    Icon,
}

impl Kind {
    const ALL: [Kind; 3] = [Kind::Css, Kind::Js, Kind::Icon];

    fn of(self) -> (Asset, &'static str) {
        let (content_type, text, end) = match self {
            Kind::Css => ("text/css; charset=utf-8", CSS, "css"),
            Kind::Js => ("text/javascript; charset=utf-8", JS, "js"),
            Kind::Icon => ("image/svg+xml", ICON, "svg"),
        };
        (Asset { content_type, text }, end)
    }

    fn name(self) -> String {
        let (asset, end) = self.of();
        format!("page.{:016x}.{end}", hash(asset.text))
    }

    /// Where pages find it.
    pub(super) fn href(self) -> String {
        format!("/assets/{}", self.name())
    }
}

/// The file of that name; an older build's name finds none.
#[must_use]
pub fn asset(name: &str) -> Option<Asset> {
    let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name)?;
    Some(kind.of().0)
}

/// FNV-1a: tells two builds apart, and protects nothing.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
