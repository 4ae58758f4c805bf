//! Buttons, shortcuts, modals and what is typed into them: JSON, most often in a form.
#![no_main]

use why::slack::request::Endpoint;

libfuzzer_sys::fuzz_target!(|body: &[u8]| {
    why_fuzz::read(Endpoint::Interactions, body);
    why_fuzz::read(Endpoint::Options, body);
});
