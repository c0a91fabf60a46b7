//! Colours and modifiers: three themes, from which every style of the screens is derived.

use std::str::FromStr;

use ratatui::style::{Color, Modifier, Style};

/// A set of styles to choose from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// The terminal's own 16 colours; readable on light and dark.
    #[default]
    Default,
    /// Few, strong colours.
    HighContrast,
    /// No colour at all, only bold, dim, underlined and reversed.
    Mono,
}

impl FromStr for Theme {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "default" => Ok(Self::Default),
            "high-contrast" => Ok(Self::HighContrast),
            "mono" => Ok(Self::Mono),
            other => Err(format!("there is no theme {other:?}; choose default, high-contrast or mono")),
        }
    }
}

/// The styles of one theme, by meaning.
#[derive(Clone, Copy, Debug)]
pub struct Styles {
    /// Plain text.
    pub text: Style,
    /// Text that may be overlooked.
    pub quiet: Style,
    /// Titles and what is typed.
    pub strong: Style,
    /// Column titles and rules.
    pub frame: Style,
    /// Keys in the footer and in the help.
    pub key: Style,
    /// The tab that is shown.
    pub tab: Style,
    /// The row with the cursor.
    pub selected: Style,
    /// Rows of an older question.
    pub stale: Style,
    /// What cannot be done.
    pub disabled: Style,
    /// What went well, and what a change adds.
    pub good: Style,
    /// What needs attention.
    pub warning: Style,
    /// What failed, and what a change takes away.
    pub bad: Style,
    /// The name of the profile.
    pub profile: Style,
}

impl Styles {
    /// The styles of `theme`, with the profile's name in its colour where the theme has colours.
    pub fn new(theme: Theme, profile_colour: Option<&str>) -> Self {
        let text = Style::new();
        let bold = text.add_modifier(Modifier::BOLD);
        let dim = text.add_modifier(Modifier::DIM);
        let mono = Self {
            text,
            quiet: dim,
            strong: bold,
            frame: dim,
            key: bold,
            tab: bold.add_modifier(Modifier::UNDERLINED),
            selected: text.add_modifier(Modifier::REVERSED),
            stale: dim,
            disabled: dim.add_modifier(Modifier::CROSSED_OUT),
            good: bold,
            warning: bold,
            bad: bold.add_modifier(Modifier::UNDERLINED),
            profile: bold.add_modifier(Modifier::REVERSED),
        };
        let profile = profile_colour.and_then(colour).unwrap_or(Color::Cyan);
        match theme {
            Theme::Mono => mono,
            Theme::Default => Self {
                frame: text.fg(Color::Blue),
                key: text.fg(Color::Cyan).add_modifier(Modifier::BOLD),
                good: text.fg(Color::Green),
                warning: text.fg(Color::Yellow),
                bad: text.fg(Color::Red),
                profile: bold.fg(profile).add_modifier(Modifier::REVERSED),
                disabled: dim,
                ..mono
            },
            Theme::HighContrast => Self {
                quiet: text,
                frame: bold,
                stale: text.add_modifier(Modifier::ITALIC),
                key: bold.add_modifier(Modifier::UNDERLINED),
                good: bold.fg(Color::Green),
                warning: bold.fg(Color::Yellow),
                bad: bold.fg(Color::Red),
                profile: bold.fg(profile).add_modifier(Modifier::REVERSED),
                ..mono
            },
        }
    }
}

impl Styles {
    /// The style of a profile's name, in its colour where the theme has colours.
    pub fn profile_in(&self, name: Option<&str>) -> Style {
        match (name.and_then(colour), self.profile.fg) {
            (Some(colour), Some(_)) => self.profile.fg(colour),
            _ => self.profile,
        }
    }
}

/// One of the 16 colours of every terminal, by its name in the configuration.
fn colour(name: &str) -> Option<Color> {
    Some(match name {
        "red" => Color::Red,
        "green" => Color::Green,
        "yellow" => Color::Yellow,
        "blue" => Color::Blue,
        "magenta" => Color::Magenta,
        "cyan" => Color::Cyan,
        "white" => Color::White,
        "black" => Color::Black,
        "grey" | "gray" => Color::Gray,
        "bright-red" => Color::LightRed,
        "bright-green" => Color::LightGreen,
        "bright-yellow" => Color::LightYellow,
        "bright-blue" => Color::LightBlue,
        "bright-magenta" => Color::LightMagenta,
        "bright-cyan" => Color::LightCyan,
        "bright-white" => Color::White,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::default("default", Some(Theme::Default))]
    #[case::high_contrast("high-contrast", Some(Theme::HighContrast))]
    #[case::mono("mono", Some(Theme::Mono))]
    #[case::unknown("solarized", None)]
    fn themes_have_names(#[case] name: &str, #[case] theme: Option<Theme>) {
        assert_eq!(name.parse::<Theme>().ok(), theme);
    }

    #[test]
    fn the_profile_shows_its_colour_where_there_are_colours() {
        assert_eq!(Styles::new(Theme::Default, Some("red")).profile.fg, Some(Color::Red));
        assert_eq!(Styles::new(Theme::Mono, Some("red")).profile.fg, None);
    }
}
