//! The engine over tiny lakes; each module holds one kind of trouble.

mod columns;
mod faults;
mod hudi;
mod reading;
mod store;
mod walk;
