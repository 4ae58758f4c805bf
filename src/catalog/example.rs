//! The commented catalog that `why catalog example` prints.
