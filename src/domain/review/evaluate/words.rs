//! Names, numbers and dates within sentences.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

/// So many names are spelt out.
const SPELT_OUT: usize = 3;

/// `Alice`, `Alice and Bob`, `Alice, Bob, Carol and 4 more`.
pub(super) fn list<T: fmt::Display>(names: &[T]) -> String {
    let spelt: Vec<String> = names.iter().take(SPELT_OUT).map(T::to_string).collect();
    let more = names.len().saturating_sub(SPELT_OUT);
    match spelt.as_slice() {
        _ if more > 0 => format!("{} and {more} more", spelt.join(", ")),
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// `1 key`, `2 keys`.
pub(super) fn count(number: usize, thing: &str) -> String {
    if number == 1 { format!("1 {thing}") } else { format!("{number} {thing}s") }
}

/// The day in UTC.
pub(super) fn day(time: Timestamp) -> Date {
    Offset::UTC.to_datetime(time).date()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(&["Alice"], "Alice")]
    #[case(&["Alice", "Bob"], "Alice and Bob")]
    #[case(&["Alice", "Bob", "Carol"], "Alice, Bob and Carol")]
    #[case(&["Alice", "Bob", "Carol", "Dave", "Eve"], "Alice, Bob, Carol and 2 more")]
    fn names_are_listed_as_in_a_sentence(#[case] names: &[&str], #[case] listed: &str) {
        assert_eq!(list(names), listed);
    }
}
