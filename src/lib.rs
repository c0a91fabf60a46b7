//! zitui: see who can administer what on a ZITADEL instance, and change it safely.
//!
//! The library behind the `zitui` program. ARCHITECTURE.md describes its rooms.

pub mod api;
pub mod app;
pub mod auth;
pub mod cli;
pub mod config;
pub mod demo;
pub mod domain;
pub mod engine;
pub mod tui;
