//! Ids as types of their own, so that a user id cannot be sent where an organization id belongs.

use std::fmt;

use super::text::SafeText;

macro_rules! id {
    ($name:ident, $doc:literal) => {
        #[doc = $doc]
        ///
        /// An opaque string; `Display` escapes control characters, `as_str` is the raw text for requests.
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(std::sync::Arc<str>);

        impl $name {
            /// Takes the id exactly as the server or the operator gave it.
            pub fn new(raw: impl AsRef<str>) -> Self {
                Self(raw.as_ref().into())
            }

            /// The raw text, for requests. The caller encodes it for where it goes.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(SafeText::new(&self.0).as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({:?})", stringify!($name), &*self.0)
            }
        }
    };
}

id!(InstanceId, "The id of an instance.");
id!(OrganizationId, "The id of an organization.");
id!(UserId, "The id of a user of either kind.");
id!(ProjectId, "The id of a project.");
id!(GrantId, "The id of a project grant.");
