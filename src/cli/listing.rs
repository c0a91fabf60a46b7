//! Lists on standard output, in every format. Rows of JSON lines, CSV and ids are printed as they come; a table and a
//! JSON document only when all are there.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::csv_line;
use super::output::{Output, OutputFormat, Reader, data, terminal_width};
pub(super) use super::shape::document;
use super::table::{self, Column};
use crate::domain::nearest::did_you_mean;
use crate::domain::problem::{Problem, ProblemKind};

/// One row, for people and for programs.
pub(super) struct Row {
    /// A text for every column of the list.
    pub(super) texts: Vec<String>,
    /// What `-o ids` prints.
    pub(super) id: String,
    /// An object as docs/json.md describes it.
    pub(super) json: Value,
}

/// A list that is being printed.
pub(super) struct Listing {
    output: Output,
    kind: &'static str,
    columns: Vec<Column>,
    /// The places of the shown columns in a row.
    shown: Vec<usize>,
    kept: Vec<Row>,
    printed_ids: HashSet<String>,
    titles_due: bool,
}

impl Listing {
    /// Begins a list of `kind`.
    ///
    /// # Errors
    /// `Usage` for columns that it does not have, or that the format does not show.
    pub(super) fn new(output: &Output, kind: &'static str, columns: &[Column]) -> Result<Self, Problem> {
        let shown = shown(output, columns)?;
        Ok(Self {
            output: output.clone(),
            kind,
            columns: shown.iter().filter_map(|place| columns.get(*place)).copied().collect(),
            shown,
            kept: Vec::new(),
            printed_ids: HashSet::new(),
            titles_due: output.headers && output.format == OutputFormat::Csv,
        })
    }

    /// Whether rows are printed as they come.
    pub(super) const fn streams(&self) -> bool {
        matches!(self.output.format, OutputFormat::Jsonl | OutputFormat::Csv | OutputFormat::Ids)
    }

    /// Takes a row, and prints it where the format allows.
    pub(super) fn push(&mut self, row: Row) -> Result<Reader, Problem> {
        match self.output.format {
            OutputFormat::Table | OutputFormat::Json => {
                self.kept.push(row);
                Ok(Reader::There)
            }
            OutputFormat::Jsonl => data(&format!("{}\n", document(self.kind, fields(row.json)))),
            OutputFormat::Csv => {
                let titles = self.titles();
                data(&(titles + &csv_line::line(self.texts(&row))))
            }
            OutputFormat::Ids if row.id.is_empty() || !self.printed_ids.insert(row.id.clone()) => {
                Ok(Reader::There)
            }
            OutputFormat::Ids => data(&format!("{}\n", row.id)),
        }
    }

    /// Takes rows until the reader leaves.
    pub(super) fn push_all(&mut self, rows: impl IntoIterator<Item = Row>) -> Result<Reader, Problem> {
        for row in rows {
            if self.push(row)? == Reader::Left {
                return Ok(Reader::Left);
            }
        }
        Ok(Reader::There)
    }

    /// Prints what was kept. `beside` are further fields of the JSON document.
    pub(super) fn end(mut self, beside: Vec<(&'static str, Value)>) -> Result<(), Problem> {
        match self.output.format {
            OutputFormat::Json => {
                let rows: Vec<Value> = self.kept.into_iter().map(|row| row.json).collect();
                let rows = [("rows", json!(rows))].into_iter().chain(beside);
                let rows = rows.map(|(name, value)| (name.to_owned(), value)).collect();
                print_document(&document(self.kind, rows))
            }
            OutputFormat::Table => {
                let rows: Vec<Vec<String>> =
                    self.kept.iter().map(|row| self.texts(row).map(str::to_owned).collect()).collect();
                data(&table_text(&self.output, &self.columns, &rows)).map(|_| ())
            }
            OutputFormat::Csv => data(&self.titles()).map(|_| ()),
            OutputFormat::Jsonl | OutputFormat::Ids => Ok(()),
        }
    }

    /// The line of titles, once.
    fn titles(&mut self) -> String {
        if std::mem::take(&mut self.titles_due) {
            csv_line::line(self.columns.iter().map(|column| column.name))
        } else {
            String::new()
        }
    }

    fn texts<'a>(&'a self, row: &'a Row) -> impl Iterator<Item = &'a str> {
        self.shown.iter().map(|place| row.texts.get(*place).map_or("", String::as_str))
    }
}

/// The places of the columns to show: those asked for; else all of them, or the usual ones of a table.
fn shown(output: &Output, columns: &[Column]) -> Result<Vec<usize>, Problem> {
    let wanted = wanted_columns(output)?;
    if wanted.is_empty() {
        let all = output.format == OutputFormat::Csv;
        let usual = columns.iter().enumerate().filter(|(_, column)| all || column.in_table);
        return Ok(usual.map(|(place, _)| place).collect());
    }
    let place = |name: &String| {
        let found = columns.iter().position(|column| column.name == name);
        found.ok_or_else(|| unknown_column(name, columns.iter().map(|column| column.name)))
    };
    wanted.iter().map(place).collect()
}

/// What `--columns` names.
///
/// # Errors
/// `Usage` where the format has no columns.
pub(super) fn wanted_columns(output: &Output) -> Result<&[String], Problem> {
    if output.columns.is_empty() || matches!(output.format, OutputFormat::Table | OutputFormat::Csv) {
        return Ok(&output.columns);
    }
    Err(Problem::new(
        ProblemKind::Usage,
        "Cannot choose columns",
        "JSON and ids have none",
        "leave out --columns, or take -o table or -o csv",
    ))
}

/// The problem of naming a column that is not there.
pub(super) fn unknown_column<'a>(name: &str, known: impl Iterator<Item = &'a str> + Clone) -> Problem {
    let fix = did_you_mean(name, known.clone())
        .unwrap_or_else(|| format!("there are {}", known.collect::<Vec<_>>().join(", ")));
    Problem::new(ProblemKind::Usage, format!("There is no column {name}"), "--columns names it", fix)
}

/// A table as it stands on standard output.
pub(super) fn table_text(output: &Output, columns: &[Column], rows: &[Vec<String>]) -> String {
    let mut lines = table::lines(columns, rows, terminal_width(), output.headers);
    if let Some(titles) = lines.first_mut().filter(|_| output.headers) {
        *titles = output.titles(titles);
    }
    lines.push(String::new());
    lines.join("\n")
}

/// Prints a document: over several lines on a terminal, else in one.
pub(super) fn print_document(document: &Value) -> Result<(), Problem> {
    let on_terminal = terminal_width().is_some();
    data(&if on_terminal { format!("{document:#}\n") } else { format!("{document}\n") }).map(|_| ())
}

fn fields(row: Value) -> Map<String, Value> {
    match row {
        Value::Object(fields) => fields,
        other => Map::from_iter([("value".to_owned(), other)]),
    }
}
