//! The `zitui` program.

fn main() {}
