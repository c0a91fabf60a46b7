//! The flags of `zitui demo`.

use std::num::NonZeroU16;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

/// `zitui demo`.
#[derive(Clone, Debug, Args)]
pub struct DemoArguments {
    /// Only serve, and print address, key file and tokens as one line of JSON
    #[arg(long)]
    pub serve: bool,
    /// Generate a world with that many organizations
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub organizations: Option<u32>,
    /// Generate a world with that many users
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub users: Option<u32>,
    /// Version of ZITADEL to imitate: 4.15, 4.3 or 2.68
    #[arg(long, value_name = "VERSION", default_value = "4.15", hide_possible_values = true)]
    pub version: VersionArgument,
    /// Time by which every answer is late, as in 200ms or 2s
    #[arg(long, value_name = "TIME", default_value = "0ms", value_parser = duration)]
    pub latency: Duration,
    /// Time by which lists lag behind writes, as on a real server; none with --serve, else 200ms
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub list_delay: Option<Duration>,
    /// Port to serve on; a free one if not given
    #[arg(long, value_name = "PORT")]
    pub port: Option<NonZeroU16>,
    /// JSON file of another world to serve
    #[arg(long, value_name = "FILE", conflicts_with_all = ["organizations", "users"])]
    pub world: Option<PathBuf>,
}

/// The versions that the demo imitates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum VersionArgument {
    /// 4.15
    #[value(name = "4.15", aliases = ["v4.15", "v4.15.0", "4.15.0"])]
    V4_15,
    /// 4.3
    #[value(name = "4.3", aliases = ["v4.3", "v4.3.0", "4.3.0"])]
    V4_3,
    /// 2.68
    #[value(name = "2.68", aliases = ["v2.68", "v2.68.0", "2.68.0"])]
    V2_68,
}

fn duration(given: &str) -> Result<Duration, String> {
    let wrong = || format!("{given:?} is no time; write it as 200ms or 2s");
    let split = given.find(|character: char| !(character.is_ascii_digit() || character == '.'));
    let (number, unit) = given.split_at_checked(split.unwrap_or(given.len())).ok_or_else(wrong)?;
    let milliseconds = match unit.trim() {
        "ms" => 1.0,
        "s" => 1000.0,
        _ => return Err(wrong()),
    };
    let number: f64 = number.parse().ok().ok_or_else(wrong)?;
    Duration::try_from_secs_f64(number * milliseconds / 1000.0).ok().ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("200ms", Some(200))]
    #[case("2s", Some(2000))]
    #[case("1.5s", Some(1500))]
    #[case("2", None)]
    #[case("s", None)]
    #[case("2 minutes", None)]
    #[case("-2s", None)]
    #[case("99999999999999999999999999999s", None)]
    fn times_have_a_unit(#[case] given: &str, #[case] milliseconds: Option<u64>) {
        assert_eq!(duration(given).ok(), milliseconds.map(Duration::from_millis));
    }
}
