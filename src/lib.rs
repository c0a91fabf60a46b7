//! zitui: see who can administer what on a ZITADEL instance, and change it safely.

pub mod demo;
pub mod domain;
