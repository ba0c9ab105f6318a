//! Programs that come from package registries into folders of our own.

pub(crate) mod ministack;
pub(crate) mod nginx;
pub(crate) mod node;
pub(crate) mod python;
pub(crate) mod web;
