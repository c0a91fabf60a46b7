//! What zitui knows about ZITADEL: ids, levels, roles, users, managers, changes and the pure rules over them.
//! Uses nothing of ours, does no input or output.

pub mod id;
pub mod level;
pub mod role;
pub mod text;
