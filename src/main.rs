//! The `zitui` program: reads the command line and hands over to the screens, the commands or the demo instance.

use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use zitui::app::effect::SignInTarget;
use zitui::app::event::Reviewed;
use zitui::cli::arguments::{ClientCommand, DemoArguments, VersionArgument};
use zitui::cli::review::About;
use zitui::cli::serve::{self, Announcement};
use zitui::cli::{self, Arguments, Command, Output, StartUp, exit};
use zitui::config::environment::Environment;
use zitui::config::file::ThemeChoice;
use zitui::config::profile::{ApiChoice, Credential, Profile};
use zitui::demo::{Demo, Options, StartError, Version, World};
use zitui::domain::link::Link;
use zitui::domain::problem::{Problem, ProblemKind};
use zitui::domain::review::ReviewReport;
use zitui::tui::effects::{SignInFlags, StartDemo};
use zitui::tui::theme::Theme;
use zitui::tui::{self, Launch};

/// Managers of a generated world, for each of its organizations.
const MANAGERS_PER_ORGANIZATION: usize = 3;

/// What the demo closure and `main` share: whoever is last drops it, and with it the key file.
type RunningDemo = Arc<Mutex<Option<Demo>>>;

fn main() -> ExitCode {
    match cli::complete_if_asked() {
        Ok(false) => {}
        Ok(true) => return exit::DONE.into(),
        Err(message) => return cli::output::clap_message(&message).into(),
    }
    let arguments = match Arguments::of_process() {
        Ok(arguments) => arguments,
        Err(message) => return cli::output::clap_message(&message).into(),
    };
    let environment = Environment::of_process();
    let output = Output::new(&arguments.global, &environment);
    match run(&arguments, environment, &output) {
        Ok(code) => code.into(),
        Err(problem) => {
            output.problem(&problem);
            exit::code(problem.kind).into()
        }
    }
}

fn run(arguments: &Arguments, environment: Environment, output: &Output) -> Result<u8, Problem> {
    color_eyre::install().map_err(|error| usage("Cannot start", error.to_string(), ""))?;
    end_after_panic();
    let start_up = |environment| {
        let start_up = StartUp::read(&arguments.global, environment)?;
        start_up.start_log().map(|()| start_up)
    };
    match &arguments.command {
        None => screens(&start_up(environment)?, None),
        Some(Command::Open { place }) => screens(&start_up(environment)?, Some(place.clone())),
        Some(Command::Demo(demo)) => run_demo(demo, &start_up(environment)?, output),
        Some(Command::Client(command)) => client(command, &start_up(environment)?, output),
        Some(Command::Local(command)) => {
            let runtime = runtime()?;
            let code = runtime.block_on(cli::local::run(command, &arguments.global, environment, output));
            // A name look-up that hangs must not hold up the end.
            runtime.shutdown_background();
            code
        }
    }
}

/// A panic, of whatever thread, ends the program once it is reported. Aborting instead could leave the token in a core
/// dump.
#[expect(clippy::exit, reason = "the hook cannot return to main")]
fn end_after_panic() {
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        report(panic);
        std::process::exit(exit::PANICKED.into());
    }));
}

fn client(command: &ClientCommand, start_up: &StartUp, output: &Output) -> Result<u8, Problem> {
    let runtime = runtime()?;
    let code = runtime.block_on(cli::run::run(command, start_up, output.clone()));
    // A name look-up that hangs must not hold up the end.
    runtime.shutdown_background();
    Ok(code)
}

fn screens(start_up: &StartUp, link: Option<Link>) -> Result<u8, Problem> {
    let selected = start_up.profile()?;
    let sign_in = selected.is_some().then_some(SignInTarget::Profile(0));
    let mut profiles: Vec<Profile> = selected.into_iter().collect();
    for offered in start_up.offered_profiles() {
        if !profiles.iter().any(|known| known.name == offered.name) {
            profiles.push(offered);
        }
    }
    open(start_up, profiles, sign_in, link, Options::default)
}

fn run_demo(arguments: &DemoArguments, start_up: &StartUp, output: &Output) -> Result<u8, Problem> {
    if start_up.names_an_instance() {
        return Err(usage(
            "Cannot start the demo",
            "it brings its own instance and key, but a flag names another",
            "leave out --url, --profile, --key-file and --token-file",
        ));
    }
    let file = arguments.world.as_deref().map(read_world).transpose()?;
    if arguments.serve {
        let demo = Demo::start(options(arguments, file)).map_err(|error| not_started(&error))?;
        let runtime = runtime()?;
        let version = demo.version().to_string();
        let announcement =
            Announcement { url: demo.url(), key_file: demo.key_file(), version: &version, pats: demo.pats() };
        runtime.block_on(serve::until_stopped(&announcement, output))?;
        return Ok(exit::DONE);
    }
    let arguments = arguments.clone();
    open(start_up, Vec::new(), Some(SignInTarget::Demo), None, move || options(&arguments, file.clone()))
}

/// Opens the screens. The demo is made of the options only when somebody signs in to it.
fn open(
    start_up: &StartUp,
    profiles: Vec<Profile>,
    sign_in: Option<SignInTarget>,
    link: Option<Link>,
    options: impl Fn() -> Options + Send + 'static,
) -> Result<u8, Problem> {
    let running = RunningDemo::default();
    let start_demo: StartDemo = {
        let running = Arc::clone(&running);
        let flags = start_up.flags().clone();
        Box::new(move || {
            let mut running = running.lock().unwrap_or_else(PoisonError::into_inner);
            let demo = match running.take() {
                Some(demo) => demo,
                None => Demo::start(options()).map_err(|error| not_started(&error))?,
            };
            let profile = demo_profile(&demo, flags.read_only, flags.api)?;
            *running = Some(demo);
            Ok(profile)
        })
    };
    let flags = start_up.flags();
    let code = tui::run(Launch {
        profiles,
        sign_in,
        link,
        theme: start_up.theme()?.map(theme),
        paths: start_up.paths.clone(),
        flags: SignInFlags {
            ca_file: start_up.ca_file(),
            api: flags.api.unwrap_or_default(),
            read_only: flags.read_only,
        },
        start_demo,
        review_text,
    });
    // A demo that is still being made holds the lock; leaving must not wait for it.
    drop(running.try_lock().ok().and_then(|mut running| running.take()));
    code
}

/// A review of the screens as a command writes it.
fn review_text(reviewed: &Reviewed, path: &std::path::Path) -> Result<String, Problem> {
    let about = About {
        instance: &reviewed.instance,
        read: reviewed.read,
        settings: &reviewed.settings,
        accepted: std::path::Path::new(reviewed.file.as_str()),
    };
    cli::review::export(ReviewReport::clone(&reviewed.report), about, path)
}

fn demo_profile(demo: &Demo, read_only: bool, api: Option<ApiChoice>) -> Result<Profile, Problem> {
    Ok(Profile {
        name: "demo".to_owned(),
        url: zitui::config::address::instance_url(demo.url())?,
        credential: Credential::KeyFile(demo.key_file().to_owned()),
        ca_file: None,
        colour: None,
        read_only,
        protected: false,
        api: api.unwrap_or_default(),
        token_cache: false,
        stored: false,
    })
}

fn options(arguments: &DemoArguments, file: Option<World>) -> Options {
    let world = file.unwrap_or_else(|| match (arguments.organizations, arguments.users) {
        (None, None) => World::built_in(),
        (organizations, users) => {
            let organizations = organizations.unwrap_or(12) as usize;
            let users = users.unwrap_or(100) as usize;
            World::generate(organizations, users, organizations.saturating_mul(MANAGERS_PER_ORGANIZATION))
        }
    });
    let realistic = Options::default();
    // Whoever is served replays requests back to back and must find each write in the next list.
    let list_delay = if arguments.serve { Duration::ZERO } else { realistic.list_delay };
    Options {
        version: match arguments.version {
            VersionArgument::V4_15 => Version::V4_15,
            VersionArgument::V4_3 => Version::V4_3,
            VersionArgument::V2_68 => Version::V2_68,
        },
        world,
        port: arguments.port.map(Into::into),
        latency: arguments.latency,
        list_delay: arguments.list_delay.unwrap_or(list_delay),
        ..realistic
    }
}

fn read_world(path: &std::path::Path) -> Result<World, Problem> {
    let refused = |why: String| {
        usage(
            &format!("Cannot read the world {}", path.display()),
            why,
            "name a JSON file in the form of the demo's own world (assets/demo/world.json)",
        )
    };
    let text = std::fs::read_to_string(path).map_err(|error| refused(error.to_string()))?;
    World::from_json(&text).map_err(|error| refused(error.to_string()))
}

const fn theme(choice: ThemeChoice) -> Theme {
    match choice {
        ThemeChoice::Default => Theme::Default,
        ThemeChoice::HighContrast => Theme::HighContrast,
        ThemeChoice::Mono => Theme::Mono,
    }
}

fn runtime() -> Result<tokio::runtime::Runtime, Problem> {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().build().map_err(|error| usage("Cannot start", error.to_string(), ""))
}

fn not_started(error: &StartError) -> Problem {
    usage("Cannot start the demo", error.to_string(), "try another --port or --world")
}

fn usage(what: &str, why: impl Into<String>, fix: &str) -> Problem {
    Problem::new(ProblemKind::Usage, what, why.into(), fix)
}
