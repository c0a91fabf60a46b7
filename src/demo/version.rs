//! The versions of ZITADEL that the demo can imitate.

use std::fmt;
use std::str::FromStr;

/// A recorded version of ZITADEL; later ones compare greater.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Version {
    /// v2.68.0
    V2_68,
    /// v4.3.0
    V4_3,
    /// v4.15.0
    #[default]
    V4_15,
}

impl Version {
    /// Every version, oldest first.
    pub const ALL: [Self; 3] = [Self::V2_68, Self::V4_3, Self::V4_15];

    /// The text of `instances/me` (recordings `instance/me@zitui`).
    pub(super) const fn full(self) -> &'static str {
        match self {
            Self::V2_68 => "v2.68.0",
            Self::V4_3 => "v4.3.0",
            Self::V4_15 => "v4.15.0",
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::V2_68 => "2.68",
            Self::V4_3 => "4.3",
            Self::V4_15 => "4.15",
        })
    }
}

/// The text names no version that the demo imitates.
#[derive(Debug, thiserror::Error)]
#[error("the demo imitates 2.68, 4.3 and 4.15, not {0:?}")]
pub struct UnknownVersion(String);

impl FromStr for Version {
    type Err = UnknownVersion;

    /// Accepts `4.15`, `v4.15` and `v4.15.0`.
    fn from_str(text: &str) -> Result<Self, UnknownVersion> {
        let plain = text.trim().trim_start_matches('v');
        Self::ALL
            .into_iter()
            .find(|version| plain == version.to_string() || version.full().trim_start_matches('v') == plain)
            .ok_or_else(|| UnknownVersion(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("2.68", Version::V2_68)]
    #[case("v4.3", Version::V4_3)]
    #[case("v4.15.0", Version::V4_15)]
    fn reads_the_usual_spellings(#[case] text: &str, #[case] version: Version) {
        assert_eq!(text.parse::<Version>().unwrap(), version);
    }

    #[test]
    fn names_the_versions_it_has_when_asked_for_another() {
        let refusal = "4.1".parse::<Version>().unwrap_err().to_string();
        assert!(refusal.contains("4.15") && refusal.contains("4.1\""), "{refusal}");
    }
}
