//! One page of a list that the server cuts.

/// Rows of a list from one offset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows that came; fewer than asked for, or none, even in the middle of a list (CONTRACT.md section 4).
    pub rows: Vec<T>,
    /// The server's count; can be too high, because it counts before it filters.
    pub total: Option<u64>,
    /// Where the next page starts; none when the counted total is passed.
    pub next_offset: Option<u64>,
}

impl<T> Page<T> {
    /// The page that came for `offset` and `limit`. Only the total tells the end; a server that sends none is asked
    /// again while pages are full.
    pub fn new(rows: Vec<T>, total: Option<u64>, offset: u64, limit: u32) -> Self {
        let end = offset.saturating_add(u64::from(limit));
        let more = total.map_or(rows.len() >= limit as usize, |total| end < total);
        Self { rows, total, next_offset: more.then_some(end) }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::short_page_in_the_middle(0, Some(20), 0, Some(5))]
    #[case::last_page(3, Some(20), 15, None)]
    #[case::exactly_at_the_end(5, Some(20), 15, None)]
    #[case::behind_the_end_the_server_sends_no_total(0, None, 40, None)]
    #[case::full_page_without_total(5, None, 0, Some(5))]
    fn only_the_total_ends_a_list(
        #[case] rows: usize,
        #[case] total: Option<u64>,
        #[case] offset: u64,
        #[case] next: Option<u64>,
    ) {
        assert_eq!(Page::new(vec![(); rows], total, offset, 5).next_offset, next);
    }
}
