//! What lies in the queue: another version may have written it, or nobody.
#![no_main]

use why::job::Job;

libfuzzer_sys::fuzz_target!(|body: &str| {
    let decoded = Job::decode(body);
    assert_eq!(decoded, Job::decode(body));
    if let Ok(job) = decoded {
        why_fuzz::queued(&job);
    }
});
