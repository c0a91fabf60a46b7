//! Refusals in the envelope of each family of endpoints (CONTRACT.md section 5), with the German texts that were
//! recorded.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde_json::{Value, json};

/// The kinds of refusals, by their REST code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Code {
    InvalidArgument,
    NotFound,
    AlreadyExists,
    PermissionDenied,
    FailedPrecondition,
    Unimplemented,
    Internal,
    Unavailable,
    Unauthenticated,
}

impl Code {
    /// The number in REST answers.
    pub(super) const fn number(self) -> u8 {
        match self {
            Self::InvalidArgument => 3,
            Self::NotFound => 5,
            Self::AlreadyExists => 6,
            Self::PermissionDenied => 7,
            Self::FailedPrecondition => 9,
            Self::Unimplemented => 12,
            Self::Internal => 13,
            Self::Unavailable => 14,
            Self::Unauthenticated => 16,
        }
    }

    /// The name in Connect answers.
    const fn name(self) -> &'static str {
        match self {
            Self::InvalidArgument => "invalid_argument",
            Self::NotFound => "not_found",
            Self::AlreadyExists => "already_exists",
            Self::PermissionDenied => "permission_denied",
            Self::FailedPrecondition => "failed_precondition",
            Self::Unimplemented => "unimplemented",
            Self::Internal => "internal",
            Self::Unavailable => "unavailable",
            Self::Unauthenticated => "unauthenticated",
        }
    }

    /// The HTTP status.
    pub(super) const fn status(self) -> u16 {
        match self {
            Self::InvalidArgument | Self::FailedPrecondition => 400,
            Self::NotFound => 404,
            Self::AlreadyExists => 409,
            Self::PermissionDenied => 403,
            Self::Unimplemented => 405,
            Self::Internal => 500,
            Self::Unavailable => 503,
            Self::Unauthenticated => 401,
        }
    }
}

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) code: Code,
    /// The error id; validation, parse and route errors have none.
    pub(super) id: Option<&'static str>,
    pub(super) text: Cow<'static, str>,
}

impl Refusal {
    /// A refusal with an error id.
    pub(super) const fn new(code: Code, id: &'static str, text: &'static str) -> Self {
        Self { code, id: Some(id), text: Cow::Borrowed(text) }
    }

    /// A refusal without an id, such as a failed validation.
    pub(super) fn plain(code: Code, text: impl Into<Cow<'static, str>>) -> Self {
        Self { code, id: None, text: text.into() }
    }

    /// The request does not pass validation.
    pub(super) fn invalid(text: impl Into<Cow<'static, str>>) -> Self {
        Self::plain(Code::InvalidArgument, text)
    }

    /// The token is unknown, expired or without the audience of the API.
    pub(super) const TOKEN: Self = Self::new(Code::Unauthenticated, "AUTH-7fs1e", "Errors.Token.Invalid");
    /// The header does not start with `Bearer `.
    pub(super) const NO_BEARER: Self =
        Self::new(Code::Unauthenticated, "AUTH-toLo1", "Errors.AuthHeader.Invalid");
    /// There is no Authorization header.
    pub(super) const NO_HEADER: Self =
        Self { code: Code::Unauthenticated, id: None, text: Cow::Borrowed("auth header missing") };
    /// The organization of the header never existed.
    pub(super) const UNKNOWN_ORGANIZATION: Self =
        Self::new(Code::PermissionDenied, "AUTH-Bs7Ds", "Organisation doesn't exist");
    /// No membership that counts in the context.
    pub(super) const NO_MEMBERSHIP: Self = Self::new(Code::NotFound, "AUTHZ-cdgFk", "membership not found");
    /// The roles do not carry the permission.
    pub(super) const NO_PERMISSION: Self =
        Self::new(Code::PermissionDenied, "AUTH-5mWD2", "No matching permissions found");
    /// The permission reaches only another project or grant.
    pub(super) const OTHER_OBJECT: Self =
        Self::new(Code::PermissionDenied, "AUTH-3jknH", "No matching permissions found");
    /// The inner check of v2 calls misses the permission.
    pub(super) const NO_PERMISSION_INSIDE: Self =
        Self::new(Code::PermissionDenied, "AUTH-AWfge", "No matching permissions found");

    fn message(&self, german: bool) -> String {
        let text = self.translated(german);
        self.id.map_or_else(|| text.to_owned(), |id| format!("{text} ({id})"))
    }

    fn translated(&self, german: bool) -> &str {
        match self.text.as_ref() {
            "User could not be found" if german => "Benutzer konnte nicht gefunden werden",
            text => text,
        }
    }

    /// The body of a REST answer, and the text of its `WWW-Authenticate` header.
    pub(super) fn rest(&self, german: bool) -> (Value, String) {
        let message = self.message(german);
        let mut body = json!({"code": self.code.number(), "message": message});
        if let (Some(id), Some(fields)) = (self.id, body.as_object_mut()) {
            let detail = json!({
                "@type": "type.googleapis.com/zitadel.v1.ErrorDetail", "id": id, "message": self.translated(german)
            });
            fields.insert("details".to_owned(), json!([detail]));
        }
        (body, message)
    }

    /// The body of a Connect answer, which is never translated.
    pub(super) fn connect(&self) -> Value {
        let mut body = json!({"code": self.code.name(), "message": self.message(false)});
        if let (Some(id), Some(fields)) = (self.id, body.as_object_mut()) {
            let detail = json!({
                "type": "zitadel.v1.ErrorDetail",
                "value": STANDARD_NO_PAD.encode(proto(id, &self.text)),
                "debug": {"id": id, "message": self.text}
            });
            fields.insert("details".to_owned(), json!([detail]));
        }
        body
    }
}

/// The protobuf message `{1: id, 2: text}`.
fn proto(id: &str, text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(id.len() + text.len() + 6);
    for (tag, value) in [(0x0a, id), (0x12, text)] {
        bytes.push(tag);
        let mut length = value.len();
        while length >= 0x80 {
            bytes.push(u8::try_from(length & 0x7f).unwrap_or_default() | 0x80);
            length >>= 7;
        }
        bytes.push(u8::try_from(length).unwrap_or_default());
        bytes.extend_from_slice(value.as_bytes());
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packs_details_as_connect_does() {
        let refusal = Refusal::new(Code::InvalidArgument, "QUERY-4M0fs", "Limit exceeded");
        let value = refusal.connect()["details"][0]["value"].clone();
        assert_eq!(value, "CgtRVUVSWS00TTBmcxIOTGltaXQgZXhjZWVkZWQ");
    }

    #[test]
    fn translates_only_what_was_recorded() {
        let unknown = Refusal::new(Code::NotFound, "QUERY-Dfbg2", "User could not be found");
        assert_eq!(unknown.rest(true).0["message"], "Benutzer konnte nicht gefunden werden (QUERY-Dfbg2)");
        assert_eq!(Refusal::UNKNOWN_ORGANIZATION.rest(true).1, "Organisation doesn't exist (AUTH-Bs7Ds)");
    }
}
