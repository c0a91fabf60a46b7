//! Reading a list to its end, page by page. May use `domain`.

use std::future::Future;

use crate::domain::page::Page;

/// All rows of a list, from `fetch`, which reads the page at an offset. Pages can be short or empty in the middle,
/// because servers filter after cutting, so only the counted total ends the list (CONTRACT.md section 4). Rows are
/// not compared: a row that moved between two pages can come twice.
///
/// # Errors
/// The first failure of `fetch`; what was read before is dropped, since half a list looks like a whole one.
pub async fn all_pages<T, E, Fetch, Answer>(mut fetch: Fetch) -> Result<Vec<T>, E>
where
    Fetch: FnMut(u64) -> Answer,
    Answer: Future<Output = Result<Page<T>, E>>,
{
    let mut rows = Vec::new();
    let mut offset = Some(0);
    while let Some(start) = offset {
        let page = fetch(start).await?;
        // An offset that does not grow would ask for the same page for ever.
        offset = page.next_offset.filter(|next| *next > start);
        rows.extend(page.rows);
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use futures_util::FutureExt;
    use proptest::prelude::*;

    use super::*;

    /// A server that cuts the page first and then takes away what the caller may not see.
    fn cut_then_filter(visible: &[bool], offset: u64, limit: u32) -> Page<usize> {
        let start = usize::try_from(offset).expect("a small list");
        let page = visible.iter().enumerate().skip(start).take(limit as usize);
        let rows = page.filter(|(_, visible)| **visible).map(|(row, _)| row).collect();
        // Behind the end the total is absent too (recording `orgs/v2-past-end`).
        let total = (start < visible.len()).then_some(visible.len() as u64);
        Page::new(rows, total, offset, limit)
    }

    proptest! {
        #[test]
        fn short_and_empty_pages_lose_nothing(
            visible in proptest::collection::vec(any::<bool>(), 0..200),
            limit in 1_u32..50,
        ) {
            let mut requests = 0;
            let read = all_pages(|offset| {
                requests += 1;
                std::future::ready(Ok::<_, Infallible>(cut_then_filter(&visible, offset, limit)))
            });
            let rows = read.now_or_never().expect("ready").expect("no failure");
            let expected: Vec<usize> = (0..visible.len()).filter(|row| visible[*row]).collect();
            prop_assert_eq!(rows, expected);
            prop_assert_eq!(requests, visible.len().div_ceil(limit as usize).max(1));
        }
    }

    #[test]
    fn a_server_that_counts_nothing_is_asked_while_pages_are_full() {
        let pages = [vec![1, 2], vec![3, 4], vec![5]];
        let read = all_pages(|offset| {
            let rows = pages.get(usize::try_from(offset / 2).expect("small")).cloned().unwrap_or_default();
            std::future::ready(Ok::<_, Infallible>(Page::new(rows, None, offset, 2)))
        });
        assert_eq!(read.now_or_never().expect("ready"), Ok(vec![1, 2, 3, 4, 5]));
    }

    #[test]
    fn half_a_list_is_never_given() {
        let read = all_pages(|offset| {
            let answer = if offset == 0 { Ok(Page::new(vec![1], Some(9), 0, 1)) } else { Err("broken") };
            std::future::ready(answer)
        });
        assert_eq!(read.now_or_never().expect("ready"), Err("broken"));
    }
}
