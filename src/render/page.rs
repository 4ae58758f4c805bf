//! Answers as HTML pages, history as SVG: pure functions from data to markup.
