//! The keys by which links are known: told at the start, or read from where they are kept.

use std::sync::Arc;

use crate::link::Key;

/// None unless said otherwise: then no link opens.
#[derive(Clone, Default)]
pub struct LinkKeys(Option<Arc<dyn Fn() -> Vec<Key> + Send + Sync>>);

impl std::fmt::Debug for LinkKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LinkKeys(…)")
    }
}

impl LinkKeys {
    /// For good.
    #[must_use]
    pub fn told(keys: Vec<Key>) -> Self {
        Self::kept(move || keys.clone())
    }

    /// As they are each time: must not wait.
    pub fn kept(keys: impl Fn() -> Vec<Key> + Send + Sync + 'static) -> Self {
        LinkKeys(Some(Arc::new(keys)))
    }

    pub(super) fn now(&self) -> Vec<Key> {
        self.0.as_ref().map_or_else(Vec::new, |keys| keys())
    }
}
