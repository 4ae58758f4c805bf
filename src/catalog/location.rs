//! Where a lake may be: a folder, `file:///…` or `s3://bucket/prefix`.
//!
//! Only the form is judged here; nothing is opened.

use std::path::{Component, Path, PathBuf};

/// Why a location can't be used, as advice: what to write instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unusable(pub String);

/// A path as people write it: without `./` in it, but where it is nothing else.
#[must_use]
pub fn plain(path: &Path) -> String {
    let parts = path.components();
    let plain: PathBuf = parts.filter(|part| *part != Component::CurDir).collect();
    match plain.as_os_str().is_empty() {
        true => ".".to_owned(),
        false => plain.display().to_string(),
    }
}

/// Whether a lake may be there.
pub fn check(location: &str) -> Result<(), Unusable> {
    let unusable = |advice: &str| Err(Unusable(advice.to_owned()));
    if location.trim() != location || location.is_empty() || location.chars().any(char::is_control)
    {
        return unusable(
            "Write a folder (\".\" is the catalog's own), file:///… or s3://bucket/prefix, without spaces around it.",
        );
    }
    let Some((scheme, rest)) = location.split_once("://") else {
        if location.starts_with('~') {
            return unusable("Write the folder out: `~` is not expanded here.");
        }
        if location.contains(":/") {
            return unusable("Write two slashes after the scheme: s3://… or file:///…");
        }
        return Ok(());
    };
    match scheme {
        "s3" => check_s3(location),
        "file" if rest.starts_with('/') => Ok(()),
        "file" => unusable("Write three slashes and the whole path: file:///data/lake."),
        "s3a" | "s3n" => unusable(&format!(
            "Athena silently reads nothing through {scheme}://; write s3://{rest}"
        )),
        _ => unusable("Write a folder, file:///… or s3://bucket/prefix; there is no other kind."),
    }
}

/// Whether this is `s3://bucket` or `s3://bucket/prefix`, in characters that need no
/// escape in DDL.
pub fn check_s3(location: &str) -> Result<(), Unusable> {
    let Some(rest) = location.strip_prefix("s3://") else {
        let rest = location
            .split_once("://")
            .map_or("bucket/prefix", |(_, rest)| rest);
        return Err(Unusable(format!(
            "Athena reads only s3:// locations; write s3://{rest}"
        )));
    };
    let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    let bucket_fits = (3..=63).contains(&bucket.len())
        && bucket
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.')
        && bucket.starts_with(|c: char| c.is_ascii_alphanumeric())
        && bucket.ends_with(|c: char| c.is_ascii_alphanumeric());
    if !bucket_fits {
        return Err(Unusable(
            "Write s3://bucket/prefix; a bucket's name has 3 to 63 lower-case letters, digits, dots and hyphens."
                .to_owned(),
        ));
    }
    let prefix_fits = !prefix.contains("//")
        && !prefix
            .split('/')
            .any(|folder| folder == "." || folder == "..")
        && prefix
            .chars()
            .all(|c| c.is_alphanumeric() || "/-_.=!*()+@,&$".contains(c));
    if !prefix_fits {
        return Err(Unusable(
            "Write the prefix with letters, digits and -_.=/ only, without empty folders, . or .."
                .to_owned(),
        ));
    }
    Ok(())
}
