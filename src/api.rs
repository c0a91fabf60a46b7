//! HTTP transport, discovery, wire types and typed calls that return domain types. May use `domain` and `auth`.

pub mod administrators;
pub mod all_projects;
pub mod applications;
pub mod client;
pub mod credentials;
pub mod discovery;
pub mod error;
mod error_text;
pub mod events;
pub mod identity;
pub mod managers;
pub mod organizations;
pub mod paging;
pub mod projects;
pub mod transport;
pub mod users;
pub mod wire;
