//! The place that a lake's location lies in: where one looks who named too deep a folder.
//!
//! Start at [`Store::above`].

use std::collections::BTreeMap;
use std::path::{Path as Folder, PathBuf};
use std::sync::Arc;

use object_store::path::Path;

use super::{Place, Store};

impl Store {
    /// One level up; `None` where there is none.
    pub(in crate::engine::direct) fn above(&self) -> Option<Store> {
        if let Place::S3 = self.place {
            let (prefix, _) = self.prefix.as_ref().rsplit_once('/').unwrap_or_default();
            let (shown, last) = self.shown.rsplit_once('/')?;
            if last.is_empty() || self.prefix == Path::ROOT {
                return None;
            }
            return Some(Store {
                inner: Arc::clone(&self.inner),
                prefix: Path::parse(prefix).ok()?,
                root: PathBuf::new(),
                shown: shown.to_owned(),
                ..*self
            });
        }
        let whole = self.root.canonicalize().ok()?;
        let above = match self.root.file_name() {
            Some(_) => Folder::new(&self.shown).parent()?,
            None => whole.parent()?,
        };
        Store::open(&above.to_string_lossy(), Folder::new(""), &BTreeMap::new()).ok()
    }
}
