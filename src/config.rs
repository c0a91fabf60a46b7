//! Profiles, settings and paths; precedence flag > environment > file > default. May use `domain`.

pub mod paths;
pub mod profile;
