//! The rules of this service, pure: who hears of a change, and what becomes of a delivery.

pub mod account;
pub mod delivery;
pub mod planning;
