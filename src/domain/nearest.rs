//! What somebody may have meant by a misspelt word.

/// At most three of the candidates that are spelt nearly like `given`, the nearest first. Upper and lower case count
/// as the same.
pub fn nearest<'a>(given: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted: Vec<char> = given.to_lowercase().chars().collect();
    let tolerance = (wanted.len() / 3).clamp(1, 4);
    let mut near: Vec<(usize, &str)> = candidates
        .into_iter()
        .map(|candidate| {
            let letters: Vec<char> = candidate.to_lowercase().chars().collect();
            (distance(&wanted, &letters), candidate)
        })
        .filter(|(distance, candidate)| *distance <= tolerance && !candidate.is_empty())
        .collect();
    near.sort_unstable();
    near.dedup();
    near.into_iter().take(3).map(|(_, candidate)| candidate).collect()
}

/// `did you mean …?`, or nothing where nothing is near.
pub fn did_you_mean<'a>(given: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let near = nearest(given, candidates);
    (!near.is_empty()).then(|| format!("did you mean {}?", near.join(" or ")))
}

/// The number of letters to insert, leave out, replace or swap with their neighbour (optimal string alignment).
fn distance(left: &[char], right: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (line, letter) in left.iter().enumerate() {
        let mut next = Vec::with_capacity(row.len());
        next.push(line + 1);
        for (column, (other, steps)) in right.iter().zip(row.windows(2)).enumerate() {
            let &[replaced, removed] = steps else { continue };
            let inserted = next.last().copied().unwrap_or(line) + 1;
            let mut best = (replaced + usize::from(letter != other)).min(removed + 1).min(inserted);
            let swapped = line > 0
                && column > 0
                && left.get(line - 1) == Some(other)
                && right.get(column - 1) == Some(letter);
            if let (true, Some(steps)) = (swapped, before.get(column.wrapping_sub(1))) {
                best = best.min(steps + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or(left.len())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::same("ORG_OWNER", "ORG_OWNER", 0)]
    #[case::left_out("ORG_OWNR", "ORG_OWNER", 1)]
    #[case::swapped("GRO_OWNER", "GOR_OWNER", 1)]
    #[case::replaced("kitten", "sitting", 3)]
    #[case::empty("", "abc", 3)]
    #[case::emptied("abc", "", 3)]
    fn counts_slips(#[case] left: &str, #[case] right: &str, #[case] slips: usize) {
        let letters = |text: &str| text.chars().collect::<Vec<_>>();
        assert_eq!(distance(&letters(left), &letters(right)), slips);
    }

    #[test]
    fn names_the_nearest_first_whatever_the_case() {
        let roles = ["ORG_OWNER", "ORG_OWNER_VIEWER", "ORG_USER_MANAGER"];
        assert_eq!(nearest("org_ownre", roles), ["ORG_OWNER"]);
        assert_eq!(did_you_mean("urk", ["url", "colour"]).as_deref(), Some("did you mean url?"));
        assert_eq!(did_you_mean("something else", roles), None);
    }
}
