//! What zitui knows about ZITADEL: ids, levels, roles, users, managers, changes and the pure rules over them.
//! Uses nothing of ours, does no input or output.

pub mod change;
pub mod command;
pub mod copy_as;
pub mod csv_line;
pub mod desired;
pub mod guard;
pub mod id;
pub mod inventory;
pub mod journal;
pub mod level;
pub mod link;
pub mod loopback;
pub mod manager;
pub mod nearest;
pub mod organization;
pub mod page;
pub mod permission;
pub mod problem;
pub mod project;
pub mod query;
pub mod review;
pub mod role;
pub mod session;
pub mod shape;
pub mod sheet;
pub mod snapshot;
pub mod text;
pub mod user;
pub mod wrap;
