//! The rules as data.

use super::Rule;

/// Every rule, by id.
pub const RULES: &[Rule] = &[];
