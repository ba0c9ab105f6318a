//! The rules of identity, as pure code: what an address, a name and a password are, who may lose the admin role,
//! when a refresh token is stolen and when an invitation is over. Nothing here knows HTTP, SQL or JSON.

pub mod address;
pub mod api_token;
pub mod arrival;
pub mod code;
pub mod grant;
pub mod invitation;
pub mod joining;
pub mod membership;
pub mod password;
pub mod picture;
pub mod profile;
pub mod proof;
pub mod return_path;
pub mod rotation;
pub mod second_factor;
pub mod session;
pub mod throttle;
