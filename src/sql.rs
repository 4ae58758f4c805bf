//! The SQL that Athena would run for a plan: integers, closed enum names and dates, nothing else.
