//! The template that ships, deployed into MiniStack, with the real binaries, over the sp500 lake:
//! a signed request goes in at the API's URL, and what people read arrives at the fake Slack.
//!
//! Runs under `make e2e` alone, which says so by `WHY_E2E`; then whatever is missing is a failure.
//! One stack for all cases, one case at a time: each leaves both queues empty and the stack as it
//! was. Start at [`stage::Stage`]; what is not proven here is in `tests/e2e/README.md`.

use std::sync::{LazyLock, Mutex, PoisonError};

mod athena;
mod aws;
mod conversation;
mod door;
mod engines;
mod faults;
mod issuer;
mod letters;
mod pages;
mod request;
mod secrets;
mod stage;

use stage::Stage;

/// One case, alone on the stage; whatever happens to it, the next one finds the stage in order.
fn alone(case: impl AsyncFnOnce(&'static Stage)) {
    static STAGE: LazyLock<Stage> = LazyLock::new(Stage::set);
    static TURN: Mutex<()> = Mutex::new(());
    if !stage::is_wanted() {
        return;
    }
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    STAGE.play(case);
}
