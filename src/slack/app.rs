//! What the app asks of Slack when it is installed: `why manifest` writes it, `why doctor` compares.

/// What the bot may do, each for one reason.
#[cfg_attr(not(feature = "cli"), allow(dead_code))]
pub(crate) const SCOPES: [&str; 9] = [
    "app_mentions:read", // to be asked in a thread
    "channels:read",     // whether a channel is shared with another organisation
    "chat:write",        // to answer
    "commands",          // `/why` and the shortcuts
    "groups:read",       // the same for private channels
    "im:history",        // to be asked in a direct message
    "im:write",          // to answer there where nothing else is left
    "usergroups:read",   // who is in a group that the catalog names
    "users:read",        // who is a guest
];

/// What it may do as well where there is a page with a public URL.
#[cfg_attr(not(feature = "cli"), allow(dead_code))]
pub(crate) const PAGE_SCOPES: [&str; 2] = [
    "links:read",  // to be told where a link to the page was pasted
    "links:write", // to show there what it leads to
];

/// What Slack sends of its own accord.
#[cfg_attr(not(feature = "cli"), allow(dead_code))]
pub(crate) const EVENTS: [&str; 3] = ["app_home_opened", "app_mention", "message.im"];

/// And where there is a page.
#[cfg_attr(not(feature = "cli"), allow(dead_code))]
pub(crate) const PAGE_EVENTS: [&str; 1] = ["link_shared"];
