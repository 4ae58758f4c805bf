//! Tests of ingress: signed requests through the router, and what then lies in the queue.
//!
//! Payloads are those that reading is tested with. Start at [`Door`].
