//! Requests as they came and answers as they go, without hyper; and JSON bodies as the server reads them: both
//! spellings of names, numbers as text or number (CONTRACT.md section 4).

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::refusal::{Code, Refusal};

/// A request, read completely.
#[derive(Clone, Debug, Default)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) query: String,
    /// The `Host` header, or the authority of the request line.
    pub(super) host: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Request {
    /// A header by its lower-case name.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A parameter of the query string; empty when absent.
    pub(super) fn parameter(&self, name: &str) -> String {
        form_value(self.query.as_bytes(), name).unwrap_or_default()
    }

    /// A field of a form-encoded body.
    pub(super) fn form(&self, name: &str) -> Option<String> {
        form_value(&self.body, name)
    }

    /// The address of this instance as the sender wrote it: the issuer and the beginning of every URL. A proxy that ends
    /// TLS tells that the sender wrote `https`.
    pub(super) fn origin(&self) -> String {
        let scheme = if self.header("x-forwarded-proto") == Some("https") { "https" } else { "http" };
        format!("{scheme}://{}", self.host)
    }

    /// Whether REST texts are to be German: the first language that the sender names and the server knows.
    pub(super) fn wants_german(&self) -> bool {
        let languages = self.header("accept-language").unwrap_or_default();
        languages.split(',').next().is_some_and(|first| first.trim().to_lowercase().starts_with("de"))
    }

    /// The body as JSON; REST accepts an empty one.
    pub(super) fn json(&self) -> Result<Json, Refusal> {
        if self.body.iter().all(u8::is_ascii_whitespace) {
            return Ok(Json::default());
        }
        match serde_json::from_slice(&self.body) {
            Ok(Value::Object(fields)) => {
                Ok(Json { fields, text: String::from_utf8_lossy(&self.body).into_owned() })
            }
            Ok(other) => {
                Err(Refusal::invalid(format!("proto: syntax error (line 1:1): unexpected token {other}")))
            }
            Err(error) if error.is_eof() => Err(Refusal::invalid("unexpected EOF")),
            Err(error) => {
                let (line, column) = (error.line(), error.column());
                Err(Refusal::invalid(format!("proto: syntax error (line {line}:{column}): invalid value")))
            }
        }
    }
}

fn form_value(form: &[u8], name: &str) -> Option<String> {
    url::form_urlencoded::parse(form).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// A JSON object of a request, read the way the server does.
#[derive(Clone, Debug, Default)]
pub(super) struct Json {
    pub(super) fields: Map<String, Value>,
    /// The text it came in, to say where something stands.
    pub(super) text: String,
}

/// Any object inside a request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part<'a>(pub(super) Option<&'a Map<String, Value>>);

impl Json {
    /// The whole object.
    pub(super) const fn part(&self) -> Part<'_> {
        Part(Some(&self.fields))
    }

    /// The line and column of the last mention of a field, both from 1.
    pub(super) fn place_of(&self, field: &str) -> (usize, usize) {
        let before =
            self.text.rfind(&format!("\"{field}\"")).and_then(|at| self.text.get(..at)).unwrap_or("");
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |rest| rest.chars().count()) + 1;
        (line, column)
    }
}

impl<'a> Part<'a> {
    /// A field by its camelCase name; the `snake_case` spelling is accepted too.
    pub(super) fn get(self, name: &str) -> Option<&'a Value> {
        let fields = self.0?;
        fields.get(name).or_else(|| fields.get(&snake(name))).filter(|value| !value.is_null())
    }

    /// A text; empty when absent, as on the server.
    pub(super) fn text(self, name: &str) -> &'a str {
        self.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// A number, written as number or text; 0 when absent.
    pub(super) fn number(self, name: &str) -> u64 {
        match self.get(name) {
            Some(Value::Number(number)) => number.as_u64().unwrap_or_default(),
            Some(Value::String(text)) => text.parse().unwrap_or_default(),
            _ => 0,
        }
    }

    /// A yes or no; no when absent.
    pub(super) fn flag(self, name: &str) -> bool {
        self.get(name).and_then(Value::as_bool).unwrap_or_default()
    }

    /// An object; an empty one when absent.
    pub(super) fn part(self, name: &str) -> Self {
        Part(self.get(name).and_then(Value::as_object))
    }

    /// A list; empty when absent.
    pub(super) fn list(self, name: &str) -> &'a [Value] {
        self.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// A list of texts.
    pub(super) fn texts(self, name: &str) -> Vec<String> {
        self.list(name).iter().filter_map(Value::as_str).map(str::to_owned).collect()
    }
}

fn snake(camel: &str) -> String {
    let mut snake = String::with_capacity(camel.len() + 4);
    for letter in camel.chars() {
        if letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

/// An answer, before it is sent.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) content_type: Option<Cow<'static, str>>,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
}

impl Reply {
    /// No answer: the connection is closed, as where 4.3 crashes (CONTRACT.md section 8.2).
    pub(super) const CUT: Self = Self::empty(0);

    /// 200 with JSON.
    pub(super) fn json(body: &Value) -> Self {
        Self::json_with(200, body)
    }

    /// JSON with any status.
    pub(super) fn json_with(status: u16, body: &Value) -> Self {
        Self {
            status,
            content_type: Some("application/json".into()),
            headers: Vec::new(),
            body: body.to_string().into_bytes(),
        }
    }

    /// Plain text.
    pub(super) fn text(status: u16, text: impl Into<String>) -> Self {
        Self {
            status,
            content_type: Some("text/plain; charset=utf-8".into()),
            headers: Vec::new(),
            body: text.into().into_bytes(),
        }
    }

    /// No body at all.
    pub(super) const fn empty(status: u16) -> Self {
        Self { status, content_type: None, headers: Vec::new(), body: Vec::new() }
    }

    /// The same with one more header.
    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// A refusal of a REST call.
    pub(super) fn refused(refusal: &Refusal, german: bool) -> Self {
        let (body, message) = refusal.rest(german);
        let reply = Self::json_with(refusal.code.status(), &body);
        if refusal.code == Code::Unauthenticated { reply.with("WWW-Authenticate", message) } else { reply }
    }

    /// A refusal of a Connect call.
    pub(super) fn refused_connect(refusal: &Refusal) -> Self {
        Self::json_with(refusal.code.status(), &refusal.connect())
    }

    /// A refusal of an OAuth call.
    pub(super) fn refused_oauth(status: u16, error: &str, description: &str) -> Self {
        Self::json_with(status, &serde_json::json!({"error": error, "error_description": description}))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(text: &str) -> Request {
        Request { body: text.as_bytes().to_vec(), ..Request::default() }
    }

    #[test]
    fn reads_both_spellings_and_numbers_as_text() {
        let json = body(r#"{"user_id": "7", "query": {"limit": 5, "offset": "20"}}"#).json().unwrap();
        assert_eq!(json.part().text("userId"), "7");
        let query = json.part().part("query");
        assert_eq!((query.number("limit"), query.number("offset")), (5, 20));
    }

    #[test]
    fn an_empty_body_is_an_empty_object_and_half_an_object_is_refused() {
        assert!(body("").json().unwrap().fields.is_empty());
        assert_eq!(body("{").json().unwrap_err(), Refusal::invalid("unexpected EOF"));
        assert!(body("null").json().is_err());
    }
}
