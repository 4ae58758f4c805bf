//! The use case: words in, answer or failure out.
