//! Totals that can be shown: servers count before they filter, so their number can be too high.

use crate::domain::page::Page;

/// The page with a total that is right, or none. `exact` says that the server counts only what the own user may see.
pub(super) fn with_honest_total<T>(mut page: Page<T>, offset: u64, exact: bool) -> Page<T> {
    if offset == 0 && page.next_offset.is_none() {
        page.total = Some(page.rows.len() as u64);
    } else if !exact {
        page.total = None;
    }
    page
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::the_only_page_counts_itself(0, 3, 5, false, Some(3))]
    #[case::all_are_seen(0, 50, 120, true, Some(120))]
    #[case::some_are_not_seen(0, 3, 120, false, None)]
    #[case::the_last_page_of_several(100, 20, 120, true, Some(120))]
    fn a_total_is_right_or_absent(
        #[case] offset: u64,
        #[case] rows: usize,
        #[case] counted: u64,
        #[case] exact: bool,
        #[case] shown: Option<u64>,
    ) {
        let page = Page::new(vec![(); rows], Some(counted), offset, 50);
        assert_eq!(with_honest_total(page, offset, exact).total, shown);
    }
}
