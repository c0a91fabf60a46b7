//! Why a call failed, out of every shape in which the server says so (CONTRACT.md section 5).

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::StatusCode;
use serde_json::Value;

use crate::auth::failure::ConnectionFailure;
use crate::auth::http::Answer;
use crate::auth::refusal::SignInRefusal;
use crate::auth::retry;
use crate::domain::problem::Problem;
use crate::domain::text::SafeText;

/// Why a call failed. Holds no secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallError {
    /// The server answered with an error.
    Refused(Box<Refused>),
    /// The server could not be reached, or did not answer completely.
    Connection(ConnectionFailure),
    /// No token could be got.
    SignIn(Box<SignInRefusal>),
    /// The server wants the call to be sent elsewhere, which is never done.
    Redirected {
        /// Where to.
        target: SafeText,
    },
    /// The server accepted the call, but its answer is not what the call answers.
    NotUnderstood {
        /// The call.
        call: SafeText,
        /// The technical text.
        detail: SafeText,
    },
    /// An id that cannot stand in an address; nothing was sent.
    Unsendable {
        /// The call.
        call: SafeText,
    },
}

/// An error that the server, or something before it, answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The HTTP status.
    pub status: u16,
    /// The code of gRPC, also where Connect spells it out.
    pub code: Option<i64>,
    /// ZITADEL's id of the place that refused, e.g. `ORG-poWwe`.
    pub id: Option<SafeText>,
    /// The server's words without the id.
    pub message: SafeText,
    /// The server's id of the request, for its logs.
    pub request_id: Option<SafeText>,
    /// How long the server asks to wait.
    pub wait: Option<Duration>,
    /// The words come from ZITADEL, not from a proxy.
    pub from_zitadel: bool,
}

impl Refused {
    /// Reads any error answer; `now` turns a date in `Retry-After` into a wait.
    pub fn read(answer: &Answer, now: Timestamp) -> Self {
        let envelope = Envelope::read(&answer.body);
        Self {
            status: answer.status.as_u16(),
            code: envelope.code,
            id: envelope.id.as_deref().map(SafeText::new),
            message: envelope.message,
            request_id: answer.request_id(),
            wait: retry::asked_wait(&answer.headers, now),
            from_zitadel: envelope.from_zitadel,
        }
    }

    fn has_id(&self, ids: &[&str]) -> bool {
        self.id.as_ref().is_some_and(|id| ids.contains(&id.as_str()))
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.message.is_empty(), &self.id) {
            (true, _) => write!(f, "status {}", self.status),
            (false, Some(id)) => write!(f, "{} ({id})", self.message),
            (false, None) => write!(f, "{} (status {})", self.message, self.status),
        }
    }
}

impl CallError {
    fn refused(&self) -> Option<&Refused> {
        match self {
            Self::Refused(refused) => Some(refused),
            _ => None,
        }
    }

    fn has_id(&self, ids: &[&str]) -> bool {
        self.refused().is_some_and(|refused| refused.has_id(ids))
    }

    /// The HTTP status, if there was an answer that says no.
    pub fn status(&self) -> Option<u16> {
        self.refused().map(|refused| refused.status)
    }

    /// The token was not accepted, also after renewing it.
    pub fn is_not_signed_in(&self) -> bool {
        self.status() == Some(StatusCode::UNAUTHORIZED.as_u16())
    }

    /// No membership counts in the context: a 404 that does not mean "not found" (recording `members.org/list@nobody`).
    pub fn is_no_membership(&self) -> bool {
        self.has_id(&["AUTHZ-cdgFk"])
    }

    /// Some membership counts, but its roles lack the permission, or hold it for another project or grant.
    pub fn is_permission_missing(&self) -> bool {
        self.has_id(&["AUTH-5mWD2", "AUTH-3jknH", "AUTH-AWfge"])
    }

    /// Either of the two: the caller may not.
    pub fn is_forbidden(&self) -> bool {
        self.is_no_membership()
            || (self.status() == Some(StatusCode::FORBIDDEN.as_u16()) && !self.is_unknown_organization())
    }

    /// The organization in the header does not exist (recording `orgs/me-unknown`).
    pub fn is_unknown_organization(&self) -> bool {
        self.has_id(&["AUTH-Bs7Ds"])
    }

    /// On adding: the user is manager already. A project grant says so with 404 (recording `members.grant/add-duplicate`).
    pub fn is_already_manager(&self) -> bool {
        self.refused().is_some_and(|refused| {
            refused.status == StatusCode::CONFLICT.as_u16()
                || refused.has_id(&["INSTA-pFDwe", "ORG-poWwe", "PROJECT-PtXi1", "V3-DKcYh"])
                || (refused.has_id(&["PROJECT-37fug"]) && refused.message.as_str().contains("AlreadyExists"))
        })
    }

    /// On changing or removing: the user is no manager, or not any more.
    pub fn is_not_manager(&self) -> bool {
        self.refused().is_some_and(|refused| {
            refused.status == StatusCode::NOT_FOUND.as_u16()
                && refused.has_id(&["INSTANCE-D8JxR", "Org-D8JxR", "PROJECT-D8JxR", "PROJECT-37fug"])
                && !self.is_already_manager()
                && !self.is_unknown_grant()
        })
    }

    /// On adding: the project grant does not exist, or not any more (CONTRACT.md section 17).
    pub fn is_unknown_grant(&self) -> bool {
        self.refused().is_some_and(|refused| {
            refused.has_id(&["PROJECT-D8JxR"]) && refused.message.as_str().contains("Grant")
        })
    }

    /// On changing: a 2.x server says so where the roles are what they were (recording `members.org/update-no-change`).
    pub fn is_unchanged(&self) -> bool {
        self.refused().is_some_and(|refused| {
            refused.code == Some(9)
                && refused.has_id(&["INSTANCE-LiaZi", "Org-LiaZi", "PROJECT-LiaZi", "PROJECT-2n8vx"])
        })
    }

    /// There is no such thing; a lacking membership is told apart.
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(StatusCode::NOT_FOUND.as_u16()) && !self.is_no_membership()
    }

    /// Neither ZITADEL nor a proxy before it knows the call: a 404 or 405 without any id (CONTRACT.md section 1).
    pub fn is_unknown_call(&self) -> bool {
        self.refused().is_some_and(|refused| matches!(refused.status, 404 | 405) && refused.id.is_none())
    }

    /// For a write: whether the server may have carried it out all the same.
    pub fn may_have_been_carried_out(&self) -> bool {
        match self {
            Self::Refused(refused) => refused.status >= 500,
            Self::Connection(failure) => failure.may_have_arrived(),
            Self::NotUnderstood { .. } => true,
            Self::SignIn(_) | Self::Redirected { .. } | Self::Unsendable { .. } => false,
        }
    }

    /// Whether asking again soon can help.
    pub(super) fn is_passing(&self) -> bool {
        match self {
            Self::Refused(refused) => StatusCode::from_u16(refused.status).is_ok_and(retry::is_passing),
            Self::Connection(failure) => failure.is_passing(),
            _ => false,
        }
    }

    /// How long the server asks to wait.
    pub(super) fn asked_wait(&self) -> Option<Duration> {
        self.refused().and_then(|refused| refused.wait)
    }

    /// The problem to show; `what` is the deed that failed, e.g. `Cannot read the managers of Globex`.
    pub fn into_problem(self, what: impl Into<SafeText>) -> Problem {
        super::error_text::problem(&self, what.into())
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refused) => refused.fmt(f),
            Self::Connection(failure) => failure.fmt(f),
            Self::SignIn(refusal) => refusal.fmt(f),
            Self::Redirected { target } => write!(f, "the server sends us to {target}"),
            Self::NotUnderstood { call, detail } => {
                write!(f, "the answer to {call} was not understood: {detail}")
            }
            Self::Unsendable { call } => write!(f, "{call} cannot be sent"),
        }
    }
}

impl std::error::Error for CallError {}

impl From<ConnectionFailure> for CallError {
    fn from(failure: ConnectionFailure) -> Self {
        Self::Connection(failure)
    }
}

impl From<SignInRefusal> for CallError {
    fn from(refusal: SignInRefusal) -> Self {
        Self::SignIn(Box::new(refusal))
    }
}

#[derive(Default)]
struct Envelope {
    code: Option<i64>,
    id: Option<String>,
    message: SafeText,
    from_zitadel: bool,
}

impl Envelope {
    fn read(body: &[u8]) -> Self {
        match serde_json::from_slice::<Value>(body) {
            Ok(value) if value.get("message").is_some() || value.get("code").is_some() => {
                Self::rest_or_connect(&value)
            }
            Ok(value) if value.get("error").is_some() => Self::oauth(&value),
            _ => Self::text(body),
        }
    }

    fn rest_or_connect(value: &Value) -> Self {
        let message = text(value.get("message"));
        let (words, id_in_message) = split_id(message);
        let details = value.get("details").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let id_in_details = details.iter().find_map(|detail| {
            detail.get("id").or_else(|| detail.pointer("/debug/id")).and_then(Value::as_str)
        });
        let code = value.get("code");
        Self {
            code: code.and_then(Value::as_i64).or_else(|| connect_code(code?.as_str()?)),
            id: id_in_details.or(id_in_message).map(str::to_owned),
            message: SafeText::new(words),
            from_zitadel: true,
        }
    }

    fn oauth(value: &Value) -> Self {
        let (error, description) = (text(value.get("error")), text(value.get("error_description")));
        let message =
            if description.is_empty() { error.to_owned() } else { format!("{error}: {description}") };
        Self { message: SafeText::new(&message), from_zitadel: true, ..Self::default() }
    }

    /// Text of the server; a page of a proxy, whose title is the best there is; nothing.
    fn text(body: &[u8]) -> Self {
        let body = String::from_utf8_lossy(body);
        let body = body.trim();
        if body.starts_with('<') {
            return Self { message: SafeText::new(title(body).unwrap_or("a web page")), ..Self::default() };
        }
        let id = body.contains("QUERY-1kIjX").then(|| "QUERY-1kIjX".to_owned());
        let first_line: String = body.lines().next().unwrap_or_default().chars().take(300).collect();
        Self { from_zitadel: id.is_some(), id, message: SafeText::new(&first_line), code: None }
    }
}

fn text(value: Option<&Value>) -> &str {
    value.and_then(Value::as_str).unwrap_or_default()
}

/// `Errors.Org.Member.AlreadyExists (ORG-poWwe)` → the words and the id in the last parentheses.
fn split_id(message: &str) -> (&str, Option<&str>) {
    let split = message.strip_suffix(')').and_then(|open| open.rsplit_once(" ("));
    match split {
        Some((words, id)) if is_id(id) => (words, Some(id)),
        _ => (message, None),
    }
}

fn is_id(text: &str) -> bool {
    text.split_once('-').is_some_and(|(place, number)| {
        let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
        plain(place) && plain(number)
    })
}

fn title(page: &str) -> Option<&str> {
    let start = page.find("<title>")? + "<title>".len();
    let rest = page.get(start..)?;
    rest.get(..rest.find("</title>")?).map(str::trim).filter(|title| !title.is_empty())
}

/// The names of Connect for the codes of gRPC (Connect protocol reference, "Error codes").
fn connect_code(name: &str) -> Option<i64> {
    const NAMES: [&str; 16] = [
        "canceled",
        "unknown",
        "invalid_argument",
        "deadline_exceeded",
        "not_found",
        "already_exists",
        "permission_denied",
        "resource_exhausted",
        "failed_precondition",
        "aborted",
        "out_of_range",
        "unimplemented",
        "internal",
        "unavailable",
        "data_loss",
        "unauthenticated",
    ];
    NAMES.iter().zip(1..).find_map(|(own, code)| (*own == name).then_some(code))
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderMap;
    use rstest::rstest;

    use super::*;
    use crate::domain::problem::ProblemKind;

    fn error(status: u16, body: &str) -> CallError {
        let status = StatusCode::from_u16(status).expect("a status");
        let mut headers = HeaderMap::new();
        headers.insert("x-request-id", "request-7".parse().expect("a header"));
        let answer = Answer { status, headers, body: body.as_bytes().to_vec() };
        CallError::Refused(Box::new(Refused::read(&answer, Timestamp::UNIX_EPOCH)))
    }

    fn rest(status: u16, code: i64, text: &str, id: &str) -> CallError {
        let body = serde_json::json!({
            "code": code, "message": format!("{text} ({id})"),
            "details": [{"@type": "type.googleapis.com/zitadel.v1.ErrorDetail", "id": id, "message": text}]
        });
        error(status, &body.to_string())
    }

    fn parts(error: &CallError) -> (Option<i64>, Option<&str>, &str) {
        let CallError::Refused(refused) = error else { panic!("another error: {error:?}") };
        (refused.code, refused.id.as_ref().map(SafeText::as_str), refused.message.as_str())
    }

    #[rstest]
    #[case::rest(
        r#"{"code":6,"message":"Errors.Org.Member.AlreadyExists (ORG-poWwe)","details":[{"@type":"t","id":"ORG-poWwe","message":"m"}]}"#,
        (Some(6), Some("ORG-poWwe"), "Errors.Org.Member.AlreadyExists")
    )]
    #[case::rest_without_details(
        r#"{"code":5,"message":"Not Found"}"#,
        (Some(5), None, "Not Found")
    )]
    #[case::connect(
        r#"{"code":"already_exists","message":"Exists (ORG-poWwe)","details":[{"type":"zitadel.v1.ErrorDetail","value":"Cg","debug":{"id":"ORG-poWwe","message":"m"}}]}"#,
        (Some(6), Some("ORG-poWwe"), "Exists")
    )]
    #[case::connect_without_debug(
        r#"{"code":"invalid_argument","message":"Limit (of 1000) exceeded (QUERY-4M0fs)"}"#,
        (Some(3), Some("QUERY-4M0fs"), "Limit (of 1000) exceeded")
    )]
    #[case::parentheses_that_are_no_id(
        r#"{"code":3,"message":"invalid (1 to 200)"}"#,
        (Some(3), None, "invalid (1 to 200)")
    )]
    #[case::oauth(
        r#"{"error":"access_denied","error_description":"access token invalid"}"#,
        (None, None, "access_denied: access token invalid")
    )]
    #[case::text("404 page not found\n", (None, None, "404 page not found"))]
    #[case::unknown_host(
        "unable to set instance: ID=QUERY-1kIjX Message=Instance not found.",
        (None, Some("QUERY-1kIjX"), "unable to set instance: ID=QUERY-1kIjX Message=Instance not found.")
    )]
    #[case::proxy_page(
        "<html><head><title>502 Bad Gateway</title></head></html>",
        (None, None, "502 Bad Gateway")
    )]
    #[case::page_without_title("<!doctype html><p>no", (None, None, "a web page"))]
    #[case::empty("", (None, None, ""))]
    #[case::null("null", (None, None, "null"))]
    fn reads_every_envelope(#[case] body: &str, #[case] expected: (Option<i64>, Option<&str>, &str)) {
        assert_eq!(parts(&error(400, body)), expected);
    }

    #[test]
    fn tells_access_apart_from_absence() {
        let no_membership = rest(404, 5, "membership not found", "AUTHZ-cdgFk");
        assert!(no_membership.is_no_membership() && no_membership.is_forbidden());
        assert!(!no_membership.is_not_found() && !no_membership.is_not_manager());
        let unknown = rest(403, 7, "Organisation doesn't exist", "AUTH-Bs7Ds");
        assert!(unknown.is_unknown_organization() && !unknown.is_forbidden());
        assert!(rest(403, 7, "No matching permissions found", "AUTH-5mWD2").is_permission_missing());
        assert!(error(404, r#"{"code":5,"message":"Not Found"}"#).is_not_found());
    }

    #[rstest]
    #[case::instance(rest(409, 6, "Errors.Instance.Member.AlreadyExists", "INSTA-pFDwe"))]
    #[case::organization(rest(409, 6, "Errors.Org.Member.AlreadyExists", "ORG-poWwe"))]
    #[case::race(rest(409, 6, "Project member already exists", "V3-DKcYh"))]
    #[case::grant_despite_404(rest(404, 5, "Errors.AlreadyExists", "PROJECT-37fug"))]
    fn a_duplicate_is_seen_in_every_form(#[case] error: CallError) {
        assert!(error.is_already_manager() && !error.is_not_manager());
        assert_eq!(error.into_problem("x").kind, ProblemKind::Refused);
    }

    #[test]
    fn one_id_with_two_meanings_is_told_apart_by_its_code() {
        assert!(rest(400, 9, "Errors.Org.Member.RolesNotChanged", "Org-LiaZi").is_unchanged());
        let none_chosen = rest(400, 3, "Errors.Org.MemberInvalid", "Org-LiaZi");
        assert!(!none_chosen.is_unchanged());
        assert!(none_chosen.into_problem("x").fix.as_str().contains("at least one role"));
        assert!(rest(404, 5, "Errors.NotFound", "PROJECT-37fug").is_not_manager());
        let unknown_grant = rest(404, 5, "Project Grant not found", "PROJECT-D8JxR");
        assert!(unknown_grant.is_unknown_grant() && !unknown_grant.is_not_manager());
    }

    #[rstest]
    #[case::not_signed_in(rest(401, 16, "Errors.Token.Invalid", "AUTH-7fs1e"), ProblemKind::NotSignedIn)]
    #[case::forbidden(
        rest(403, 7, "No matching permissions found", "AUTH-5mWD2"),
        ProblemKind::PermissionMissing
    )]
    #[case::no_membership(
        rest(404, 5, "membership not found", "AUTHZ-cdgFk"),
        ProblemKind::PermissionMissing
    )]
    #[case::unknown_organization(
        rest(403, 7, "Organisation doesn't exist", "AUTH-Bs7Ds"),
        ProblemKind::NotFound
    )]
    #[case::absent(rest(404, 5, "User could not be found", "QUERY-Dfbg2"), ProblemKind::NotFound)]
    #[case::no_such_user(rest(400, 3, "Errors.Org.MemberInvalid", "ORG-GoXOn"), ProblemKind::NotFound)]
    #[case::wrong_role(rest(400, 3, "Errors.Org.MemberInvalid", "Org-4N8es"), ProblemKind::Refused)]
    #[case::proxy(error(502, "<html></html>"), ProblemKind::Server)]
    #[case::empty(error(500, ""), ProblemKind::Server)]
    fn becomes_a_problem_of_the_right_class(#[case] error: CallError, #[case] kind: ProblemKind) {
        let problem = error.into_problem("Cannot do it");
        assert_eq!((problem.kind, problem.what.as_str()), (kind, "Cannot do it"));
        assert!(!problem.fix.is_empty() && !problem.why.is_empty());
        assert_eq!(problem.request_id.as_ref().map(SafeText::as_str), Some("request-7"));
    }

    #[rstest]
    #[case::refused(error(400, ""), false)]
    #[case::not_signed_in(error(401, ""), false)]
    #[case::busy(error(429, ""), false)]
    #[case::proxy_gave_up(error(504, ""), true)]
    #[case::broken_inside(error(500, ""), true)]
    #[case::elsewhere(CallError::Redirected { target: "x".into() }, false)]
    #[case::garbled(CallError::NotUnderstood { call: "x".into(), detail: "x".into() }, true)]
    fn knows_whether_a_write_may_have_happened(#[case] error: CallError, #[case] may: bool) {
        assert_eq!(error.may_have_been_carried_out(), may);
    }
}
