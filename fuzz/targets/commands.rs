//! The body of a command: a form, or Socket Mode's JSON.
#![no_main]

use why::slack::request::Endpoint;

libfuzzer_sys::fuzz_target!(|body: &[u8]| why_fuzz::read(Endpoint::Commands, body));
