//! A Slack that speaks HTTP: the Web API's methods and response URLs that are used.
