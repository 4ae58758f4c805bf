//! The body of an event: JSON.
#![no_main]

use why::slack::request::Endpoint;

libfuzzer_sys::fuzz_target!(|body: &[u8]| why_fuzz::read(Endpoint::Events, body));
