//! HTTP transport, discovery, wire types and typed calls that return domain types. May use `domain` and `auth`.

pub mod discovery;
pub mod error;
mod error_text;
pub mod transport;
