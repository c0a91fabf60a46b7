//! The text of a file that people write, walked key by key so that every complaint names line and column.

use std::io;
use std::ops::Range;
use std::path::Path;

use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::domain::nearest::did_you_mean;
use crate::domain::problem::{Problem, ProblemKind};

/// The file as text, for positions.
pub(super) struct Source<'a> {
    /// What complaints call it, e.g. `the configuration file`.
    pub(super) what: &'static str,
    pub(super) path: &'a Path,
    pub(super) text: &'a str,
}

/// A table of the file, with the name that complaints call it by.
pub(super) struct Table<'a, 'i> {
    source: &'a Source<'a>,
    title: String,
    entries: &'a DeTable<'i>,
}

/// A table with its name and where that stands.
pub(super) type Named<'a, 'i> = (&'a str, Range<usize>, Table<'a, 'i>);

/// A value and where it stands.
pub(super) struct Value<'a> {
    source: &'a Source<'a>,
    key: String,
    text: &'a str,
    span: Range<usize>,
}

/// What the file says; nothing where there is none.
pub(super) fn text_or_empty(path: &Path) -> io::Result<String> {
    match std::fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        read => read,
    }
}

impl Source<'_> {
    /// A complaint about a place of the file.
    pub(super) fn complaint(&self, place: Range<usize>, why: &str, fix: &str) -> Problem {
        let (line, column) = self.position(place.start);
        Problem::new(
            ProblemKind::Usage,
            format!("Cannot use {} {}, line {line}, column {column}", self.what, self.path.display()),
            why,
            fix,
        )
    }

    /// The whole file.
    pub(super) fn parse<'i>(&self, text: &'i str) -> Result<Spanned<DeTable<'i>>, Problem> {
        DeTable::parse(text).map_err(|error| {
            let place = error.span().unwrap_or(0..0);
            self.complaint(place, error.message(), "correct this line; the file is TOML (https://toml.io)")
        })
    }

    /// Line and column, both from 1, the column in characters.
    pub(super) fn position(&self, offset: usize) -> (usize, usize) {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        let column = before.get(line_start..).map_or(0, |rest| rest.chars().count());
        (before.matches('\n').count() + 1, column + 1)
    }
}

impl<'a, 'i> Table<'a, 'i> {
    pub(super) const fn new(source: &'a Source<'a>, title: String, entries: &'a DeTable<'i>) -> Self {
        Self { source, title, entries }
    }

    /// Refuses every key that is not known here.
    pub(super) fn only(&self, known: &[&str]) -> Result<(), Problem> {
        for key in self.entries.keys() {
            let name: &str = key.get_ref();
            if !known.contains(&name) {
                let fix = did_you_mean(name, known.iter().copied())
                    .unwrap_or_else(|| format!("known here are {}", known.join(", ")));
                return Err(self.source.complaint(
                    key.span(),
                    &format!("unknown key {name} in {}", self.title),
                    &fix,
                ));
            }
        }
        Ok(())
    }

    /// The tables below `key`, by name.
    pub(super) fn tables(&self, key: &str) -> Result<Vec<Named<'a, 'i>>, Problem> {
        let Some(below) = self.table(key)? else { return Ok(Vec::new()) };
        let mut tables = Vec::new();
        for (name, value) in below.entries {
            let text: &'a str = name.get_ref();
            let title = format!("[{key}.{text}]");
            let entries = value.get_ref().as_table().ok_or_else(|| self.no_table(value, &title))?;
            tables.push((text, name.span(), Self { source: self.source, title, entries }));
        }
        Ok(tables)
    }

    /// The table below `key`.
    pub(super) fn table(&self, key: &str) -> Result<Option<Self>, Problem> {
        let Some(value) = self.entries.get(key) else { return Ok(None) };
        let title = match self.title.strip_prefix('[').and_then(|own| own.strip_suffix(']')) {
            Some(own) => format!("[{own}.{key}]"),
            None => format!("[{key}]"),
        };
        let entries = value.get_ref().as_table().ok_or_else(|| self.no_table(value, &title))?;
        Ok(Some(Self { source: self.source, title, entries }))
    }

    /// The tables of the list below `key`, each with where it stands.
    pub(super) fn list(&self, key: &str) -> Result<Vec<(Range<usize>, Self)>, Problem> {
        let Some(value) = self.entries.get(key) else { return Ok(Vec::new()) };
        let title = format!("[[{key}]]");
        let entries = value.get_ref().as_array().ok_or_else(|| self.no_table(value, &title))?;
        let table = |value: &'a Spanned<DeValue<'i>>| {
            let entries = value.get_ref().as_table().ok_or_else(|| self.no_table(value, &title))?;
            Ok((value.span(), Self { source: self.source, title: title.clone(), entries }))
        };
        entries.iter().map(table).collect()
    }

    /// All keys with their texts.
    pub(super) fn texts(&self) -> Result<Vec<(Value<'a>, Value<'a>)>, Problem> {
        let pair = |name: &'a Spanned<toml::de::DeString<'i>>| {
            let text: &'a str = name.get_ref();
            let key = Value { source: self.source, key: "key".to_owned(), text, span: name.span() };
            Ok(self.text(text)?.map(|value| (key, value)))
        };
        self.entries.keys().filter_map(|name| pair(name).transpose()).collect()
    }

    fn no_table(&self, value: &Spanned<DeValue<'_>>, title: &str) -> Problem {
        self.source.complaint(value.span(), &format!("{title} must be a table"), &format!("write {title}"))
    }

    /// A text.
    pub(super) fn text(&self, key: &str) -> Result<Option<Value<'a>>, Problem> {
        let Some(value) = self.entries.get(key) else { return Ok(None) };
        let text = value.get_ref().as_str().filter(|text| !text.trim().is_empty()).ok_or_else(|| {
            self.source.complaint(
                value.span(),
                &format!("{key} in {} must be a text that is not empty", self.title),
                &format!("write {key} = \"…\", or leave it out"),
            )
        })?;
        Ok(Some(Value { source: self.source, key: key.to_owned(), text, span: value.span() }))
    }

    /// A whole number from 1 on.
    pub(super) fn count(&self, key: &str) -> Result<Option<u32>, Problem> {
        let Some(value) = self.entries.get(key) else { return Ok(None) };
        let number = value.get_ref().as_integer();
        let number = number.and_then(|number| u32::from_str_radix(number.as_str(), number.radix()).ok());
        number.filter(|number| *number > 0).map(Some).ok_or_else(|| {
            self.source.complaint(
                value.span(),
                &format!("{key} in {} must be a whole number from 1 on", self.title),
                &format!("write {key} = 3, or leave it out"),
            )
        })
    }

    /// A day.
    pub(super) fn day(&self, key: &str) -> Result<Option<Date>, Problem> {
        let Some(value) = self.entries.get(key) else { return Ok(None) };
        let written = value.get_ref().as_datetime().filter(|when| when.time.is_none());
        let day = written.and_then(|when| when.date.as_ref()).and_then(|day| {
            let small = |number: u8| i8::try_from(number).ok();
            Date::new(i16::try_from(day.year).ok()?, small(day.month)?, small(day.day)?).ok()
        });
        day.map(Some).ok_or_else(|| {
            self.source.complaint(
                value.span(),
                &format!("{key} in {} must be a day", self.title),
                &format!("write {key} = 2027-01-31, without quotes"),
            )
        })
    }

    /// A yes or no; no where it is left out.
    pub(super) fn truth(&self, key: &str) -> Result<bool, Problem> {
        Ok(self.choice(key)?.unwrap_or(false))
    }

    /// A yes or no; nothing where it is left out.
    pub(super) fn choice(&self, key: &str) -> Result<Option<bool>, Problem> {
        let Some(value) = self.entries.get(key) else { return Ok(None) };
        value.get_ref().as_bool().map(Some).ok_or_else(|| {
            self.source.complaint(
                value.span(),
                &format!("{key} in {} must be true or false", self.title),
                &format!("write {key} = true, or leave it out"),
            )
        })
    }
}

impl<'a> Value<'a> {
    pub(super) const fn as_str(&self) -> &'a str {
        self.text
    }

    /// The same value under another name, where its key is not what complaints should call it.
    pub(super) fn named(self, name: &str) -> Self {
        Self { key: name.to_owned(), ..self }
    }

    /// A complaint about this value.
    pub(super) fn complaint(&self, why: &str, fix: &str) -> Problem {
        self.source.complaint(self.span.clone(), why, fix)
    }

    /// The value where it is one of these, ignoring case.
    pub(super) fn one_of<T: Copy>(&self, known: &[(&str, T)]) -> Result<T, Problem> {
        let found = known.iter().find(|(name, _)| name.eq_ignore_ascii_case(self.text.trim()));
        found.map(|(_, value)| *value).ok_or_else(|| {
            let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
            let fix = did_you_mean(self.text, names.iter().copied())
                .unwrap_or_else(|| format!("known are {}", names.join(", ")));
            self.complaint(&format!("unknown {} {}", self.key, self.text), &fix)
        })
    }
}
