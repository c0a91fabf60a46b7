//! Profiles, settings and paths; precedence flag > environment > file > default. May use `domain`.

pub mod acceptances;
pub mod address;
pub mod desired;
pub mod edit;
pub mod environment;
pub mod file;
pub mod paths;
pub mod private_file;
pub mod profile;
pub mod review;
pub mod selection;
mod source;
