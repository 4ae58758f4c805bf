//! The functions as Lambda runs them: on a Runtime API of our own, behind an HTTP API and a queue
//! that are played here, over services that fail as they are told to.

mod aws;
mod broken;
mod engines;
mod fault;
mod faults;
mod function;
mod gateway;
mod last;
mod mapping;
mod probe;
mod protocol;
mod proxy;
mod runtime;
mod scene;
mod typing;
