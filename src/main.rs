//! The `zitui` program.

use std::path::PathBuf;
use std::process::ExitCode;

use zitui::app::effect::SignInTarget;
use zitui::config::paths::Paths;
use zitui::config::profile::{ApiChoice, Credential, Profile};
use zitui::domain::problem::{Problem, ProblemKind};
use zitui::tui::effects::SignInFlags;
use zitui::tui::{self, Launch};

fn main() -> ExitCode {
    let _ = color_eyre::install();
    let profile = std::env::var("ZITUI_URL").ok().and_then(|url| {
        Some(Profile {
            name: "environment".to_owned(),
            url: url.parse().ok()?,
            credential: Credential::KeyFile(PathBuf::from(std::env::var_os("ZITUI_KEY_FILE")?)),
            ca_file: None,
            colour: None,
            read_only: false,
            protected: false,
            api: ApiChoice::Auto,
        })
    });
    let launch = Launch {
        sign_in: profile.is_some().then_some(SignInTarget::Profile(0)),
        profiles: profile.into_iter().collect(),
        theme: None,
        paths: Paths { config_file: PathBuf::new(), state_folder: PathBuf::new() },
        flags: SignInFlags::default(),
        start_demo: Box::new(|| Err(Problem::new(ProblemKind::NotFound, "No demo", "not built in yet", ""))),
    };
    match tui::run(launch) {
        Ok(code) => ExitCode::from(code),
        Err(problem) => {
            let _ = std::io::Write::write_all(&mut std::io::stderr(), format!("{problem}\n").as_bytes());
            ExitCode::from(2)
        }
    }
}
