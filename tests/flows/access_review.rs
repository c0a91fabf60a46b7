//! The access review: from what was found to its fix.
