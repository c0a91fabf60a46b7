//! One thing on standard output, in every format: its fields, and the lists that belong to it.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::csv_line;
use super::listing::{Row, document, print_document, table_text, unknown_column, wanted_columns};
use super::output::{Output, OutputFormat, data};
use super::table::Column;
use crate::domain::problem::Problem;

/// One thing that a command shows.
pub(super) struct Sheet {
    /// What the JSON document is called, and its one field.
    pub(super) kind: &'static str,
    /// What `-o ids` prints.
    pub(super) id: String,
    /// Titles and texts, in the order shown.
    pub(super) fields: Vec<(&'static str, String)>,
    /// What belongs to it.
    pub(super) lists: Vec<SheetList>,
    /// An object as docs/json.md describes it.
    pub(super) json: Value,
}

/// A list below the fields.
pub(super) struct SheetList {
    pub(super) title: &'static str,
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Row>,
}

impl Sheet {
    /// Prints it.
    ///
    /// # Errors
    /// `Usage` for fields that it does not have.
    pub(super) fn print(mut self, output: &Output) -> Result<(), Problem> {
        let wanted = wanted_columns(output)?;
        if !wanted.is_empty() {
            self = self.only(wanted)?;
        }
        match output.format {
            OutputFormat::Json => print_document(&self.document()),
            OutputFormat::Jsonl => data(&format!("{}\n", self.document())).map(|_| ()),
            OutputFormat::Ids => data(&format!("{}\n", self.id)).map(|_| ()),
            OutputFormat::Csv => data(&self.csv(output.headers)).map(|_| ()),
            OutputFormat::Table => data(&self.text(output)).map(|_| ()),
        }
    }

    fn only(self, wanted: &[String]) -> Result<Self, Problem> {
        let mut fields = Vec::new();
        for name in wanted {
            let before = fields.len();
            fields.extend(self.fields.iter().filter(|(title, _)| field_name(title) == *name).cloned());
            if fields.len() == before {
                let names: Vec<String> = self.fields.iter().map(|(title, _)| field_name(title)).collect();
                return Err(unknown_column(name, names.iter().map(String::as_str)));
            }
        }
        Ok(Self { fields, lists: Vec::new(), ..self })
    }

    fn document(&self) -> Value {
        document(self.kind, Map::from_iter([(self.kind.to_owned(), self.json.clone())]))
    }

    fn csv(&self, headers: bool) -> String {
        let titles = headers.then(|| csv_line::line(["field", "value"])).into_iter();
        let fields =
            self.fields.iter().map(|(title, text)| csv_line::line([field_name(title).as_str(), text]));
        let rows = self.lists.iter().flat_map(|list| {
            let name = field_name(list.title);
            list.rows.iter().map(move |row| csv_line::line([name.as_str(), list.summary(row).as_str()]))
        });
        titles.chain(fields).chain(rows).collect()
    }

    fn text(&self, output: &Output) -> String {
        let widest = self.fields.iter().map(|(title, _)| title.len()).max().unwrap_or(0);
        let line =
            |(title, text): &(&str, String)| format!("{title:widest$}  {text}").trim_end().to_owned() + "\n";
        let mut shown: String = self.fields.iter().map(line).collect();
        for list in &self.lists {
            let _ = writeln!(shown, "\n{}: {}", list.title, list.rows.len());
            if !list.rows.is_empty() {
                shown.push_str(&list.table(output));
            }
        }
        shown
    }
}

impl SheetList {
    fn table(&self, output: &Output) -> String {
        let columns: Vec<Column> = self.columns.iter().filter(|column| column.in_table).copied().collect();
        let rows: Vec<Vec<String>> = self.rows.iter().map(|row| self.texts(row).cloned().collect()).collect();
        table_text(output, &columns, &rows)
    }

    /// A row in one text.
    fn summary(&self, row: &Row) -> String {
        let texts: Vec<&str> = self.texts(row).map(String::as_str).filter(|text| !text.is_empty()).collect();
        texts.join(", ")
    }

    fn texts<'a>(&'a self, row: &'a Row) -> impl Iterator<Item = &'a String> {
        self.columns.iter().zip(&row.texts).filter(|(column, _)| column.in_table).map(|(_, text)| text)
    }
}

fn field_name(title: &str) -> String {
    title.to_lowercase().replace(' ', "_")
}
