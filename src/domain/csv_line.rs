//! Lines of CSV that a spreadsheet can open without running what a server's text says.

/// A spreadsheet takes a cell that begins so for a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// One line with its end, quoted as RFC 4180 says. A cell that a spreadsheet would take for a formula gets an
/// apostrophe before it.
pub fn line<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(Vec::new());
    let guarded: Vec<String> = cells.into_iter().map(guarded).collect();
    // Writing into memory cannot fail, and cells of one line cannot differ in number.
    let bytes = writer.write_record(guarded).ok().and_then(|()| writer.into_inner().ok());
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

fn guarded(cell: &str) -> String {
    if cell.starts_with(FORMULA) { format!("'{cell}") } else { cell.to_owned() }
}

/// The cell as it was before it was written by [`line`].
pub fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(FORMULA) => rest,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::plain("Alice", "Alice\n")]
    #[case::comma("a,b", "\"a,b\"\n")]
    #[case::quote("a\"b", "\"a\"\"b\"\n")]
    #[case::formula("=HYPERLINK(1)", "'=HYPERLINK(1)\n")]
    #[case::at("@SUM", "'@SUM\n")]
    #[case::apostrophe_alone("'tis", "'tis\n")]
    fn cells_are_quoted_and_never_formulas(#[case] cell: &str, #[case] expected: &str) {
        assert_eq!(line([cell]), expected);
        assert_eq!(unguarded(&guarded(cell)), cell);
    }
}
