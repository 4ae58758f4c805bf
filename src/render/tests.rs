//! What people read, as they read it; and what holds for any answer.

mod blocks;
mod hostile;
mod json;
mod slack;
mod text;
mod words;
