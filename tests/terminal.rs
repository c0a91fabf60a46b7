//! The program in a real terminal: how it takes it over and how it gives it back.

#![expect(clippy::unwrap_used, reason = "a test says what broke by failing")]

#[path = "support/plain_http.rs"]
mod plain_http;
#[path = "support/pty.rs"]
mod pty;

use std::net::TcpListener;
use std::time::{Duration, Instant};

use futures_util::stream;
use pty::Pty;
use rstest::rstest;
use rustix::process::Signal;
use zitui::config::paths::Paths;
use zitui::demo::{Demo, Effect, Fault, Options};
use zitui::domain::problem::{Problem, ProblemKind};
use zitui::tui::effects::SignInFlags;
use zitui::tui::theme::Theme;
use zitui::tui::{Launch, run_with_input};

/// Stands on the first screen of a program that knows no instance.
const FIRST_SCREEN: &str = "Another instance";

fn at_first_screen(environment: &[(&str, &str)]) -> Pty {
    let mut pty = Pty::zitui(&[], environment);
    pty.wait_for(FIRST_SCREEN);
    pty
}

#[test]
fn quitting_gives_the_terminal_back() {
    let mut pty = at_first_screen(&[]);
    pty.wait_until("alternate screen with bracketed paste", |screen, _| {
        screen.alternate_screen() && screen.bracketed_paste()
    });
    pty.send("\x03");
    assert_eq!(pty.exit_code(), 0);
    pty.assert_given_back();
}

#[rstest]
#[case(Signal::TERM, 143)]
#[case(Signal::HUP, 129)]
#[case(Signal::INT, 130)]
#[case(Signal::QUIT, 131)]
fn signals_give_the_terminal_back(#[case] signal: Signal, #[case] code: u32) {
    let pty = at_first_screen(&[]);
    pty.signal(signal);
    assert_eq!(pty.exit_code(), code);
    pty.assert_given_back();
}

#[test]
fn a_closed_terminal_ends_the_program() {
    let mut pty = at_first_screen(&[]);
    pty.close("?");
    assert_eq!(pty.exit_code(), 129);
}

#[test]
fn ctrl_z_gives_the_terminal_to_the_shell_and_fg_takes_it_again() {
    let shell = [("PS1", "shell> "), ("ENV", ""), ("ZITUI", env!("CARGO_BIN_EXE_zitui"))];
    let mut pty = Pty::spawn("/bin/sh", &["-i"], &shell);
    pty.wait_for("shell>");
    pty.send("$ZITUI\r").wait_for(FIRST_SCREEN);
    pty.send("\x1a").wait_until("shell after ctrl-z", |screen, _| {
        !screen.alternate_screen() && !screen.bracketed_paste() && screen.contents().contains("Stopped")
    });
    pty.send("echo $((40 + 2)) rows; stty -a | tr ' ;' '\\n' | grep '^-\\?icanon'\r");
    pty.wait_for("42 rows\nicanon");
    pty.send("fg\r").wait_until("first screen again", |screen, _| {
        screen.alternate_screen() && screen.bracketed_paste() && screen.contents().contains(FIRST_SCREEN)
    });
    pty.send("\x03").wait_until("shell at the end", |screen, _| !screen.alternate_screen());
    pty.send("echo code $?\r").wait_for("code 0");
}

#[test]
fn a_stop_from_outside_is_survived() {
    let mut pty = at_first_screen(&[]);
    pty.signal(Signal::TSTP).wait_until_stopped();
    pty.assert_given_back();
    pty.signal(Signal::CONT).wait_until("first screen again", |screen, _| {
        screen.alternate_screen() && screen.bracketed_paste() && screen.contents().contains(FIRST_SCREEN)
    });
    pty.send("\x03");
    assert_eq!(pty.exit_code(), 0);
    pty.assert_given_back();
}

#[rstest]
#[case(1, 1)]
#[case(2, 60)]
#[case(300, 100)]
fn any_size_is_survived(#[case] columns: u16, #[case] rows: u16) {
    let mut pty = at_first_screen(&[]);
    pty.resize(columns, rows).signal(Signal::WINCH);
    pty.send("?").resize(80, 24).wait_for("Help");
    pty.send("\x1b").wait_for(FIRST_SCREEN);
    pty.send("q");
    assert_eq!(pty.exit_code(), 0);
    pty.assert_given_back();
}

#[test]
fn pasted_text_is_text() {
    let mut pty = at_first_screen(&[]);
    pty.send("\r").wait_for("URL");
    pty.send("\x1b[200~q.example.com\x1b[201~").wait_for("q.example.com");
    pty.send("\x03");
    assert_eq!(pty.exit_code(), 0);
}

#[test]
fn replies_of_the_terminal_are_not_typed() {
    let mut pty = at_first_screen(&[]);
    pty.send("\r").wait_for("URL");
    pty.send("\x1b]11;rgb:1010/1010/1010\x1b\\\x1b[?62;22c\x1b[24;80R\x1b[200~auth.example\x1b[201~");
    pty.wait_for("auth.example");
    assert!(!pty.screen().contains("rgb") && !pty.screen().contains("22c"), "{}", pty.screen());
}

#[test]
fn without_colour_the_selection_stays_visible() {
    let pty = at_first_screen(&[("NO_COLOR", "1")]);
    let raw = String::from_utf8_lossy(&pty.raw()).into_owned();
    let colours = ["\x1b[38;", "\x1b[48;"];
    assert!(!colours.iter().any(|colour| raw.contains(colour)), "a colour in {raw:?}");
    assert!(!raw.contains("\x1b[;m"), "a reset that takes the mark of the selection away: {raw:?}");
    assert!(raw.contains("\x1b[7m"), "nothing is marked in {raw:?}");
}

#[test]
fn a_dumb_terminal_is_refused_with_the_commands() {
    let pty = Pty::zitui(&[], &[("TERM", "dumb")]);
    assert_eq!(pty.exit_code(), 2);
    pty.assert_given_back();
    assert!(pty.screen().contains("zitui managers add"), "{}", pty.screen());
    assert!(!pty.raw().contains(&0x1b), "an escape sequence for a terminal that knows none");
}

#[test]
fn without_a_terminal_the_commands_are_named() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_zitui")).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("zitui managers add"));
    assert_eq!(output.stdout, b"");
}

#[test]
fn a_panic_is_reported_on_the_terminal_as_it_was() {
    let this = std::env::current_exe().unwrap();
    let arguments = ["--exact", "panics_on_the_first_key", "--ignored", "--nocapture"];
    let pty = Pty::spawn(this.to_str().unwrap(), &arguments, &[]);
    assert_ne!(pty.exit_code(), 0);
    pty.assert_given_back();
    assert!(pty.screen().contains("provoked by a test"), "{}", pty.screen());
}

#[test]
#[ignore = "run by the test above, in a terminal of its own"]
fn panics_on_the_first_key() {
    let launch = Launch {
        review_text: |_, _| Ok(String::new()),
        profiles: Vec::new(),
        sign_in: None,
        link: None,
        theme: None,
        paths: Paths { config_file: "config.toml".into(), state_folder: "state".into() },
        flags: SignInFlags::default(),
        start_demo: Box::new(|| Err(Problem::new(ProblemKind::NotFound, "no demo", "", ""))),
    };
    let input = stream::poll_fn(|_| panic!("provoked by a test"));
    let _ = run_with_input(launch, Theme::Default, || Ok(input));
}

#[test]
fn a_server_that_never_answers_holds_nothing_up() {
    // Connections are accepted by the system and never by anybody else.
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", server.local_addr().unwrap());
    let demo = Demo::start(Options::default()).unwrap();
    let key_file = demo.key_file().to_str().unwrap();
    let mut pty = Pty::zitui(&[], &[("ZITUI_URL", &url), ("ZITUI_KEY_FILE", key_file)]);
    pty.wait_until("first frame", |screen, _| {
        screen.alternate_screen() && !screen.contents().trim().is_empty()
    });
    let _held = server.accept().unwrap();
    pty.wait_for("waiting for the server").send("?").wait_for("Help");
    pty.send("\x1b").wait_for("waiting for the server").send("\x1b").wait_for(FIRST_SCREEN);
    pty.send("q");
    assert_eq!(pty.exit_code(), 0);
    pty.assert_given_back();
}

#[test]
fn the_main_job_in_a_real_terminal() {
    let demo = Demo::start(Options::default()).unwrap();
    let key_file = demo.key_file().to_str().unwrap();
    let mut pty = Pty::zitui(&[], &[("ZITUI_URL", demo.url()), ("ZITUI_KEY_FILE", key_file)]);
    pty.wait_for("Go to").send("go").wait_for("13 organizations");

    // Eight keys besides the two names.
    pty.send("/").wait_for("⏎ search").send("piranesi").wait_for("1 of 13").send("\r").wait_for("⏎ managers");
    pty.send("\r").wait_for("Chiara");
    pty.send("a")
        .wait_for("⏎ choose")
        .send("deploy")
        .wait_for("deploy-bot")
        .send("\r")
        .wait_for("[ ]  ORG_OWNER");
    pty.send("\r").wait_for("+ ORG_OWNER").send("\r").wait_for("as read back").wait_for("Deploy Bot");

    let path = "/management/v1/orgs/me/members/_search";
    let organization = "281545353683074101";
    let managers = plain_http::post(demo.url(), path, &demo.pats()["zitui"], organization, "{}");
    assert!(managers.contains("281547869039287111"), "{managers}");

    pty.send("\x03");
    assert_eq!(pty.exit_code(), 0);
    pty.assert_given_back();
    let key = std::fs::read_to_string(key_file).unwrap();
    let secret = key.lines().next().unwrap().get(200..260).unwrap();
    assert!(!String::from_utf8_lossy(&pty.raw()).contains(secret), "a part of the key was shown");
}

#[test]
fn a_second_signal_does_not_wait_for_a_write_that_hangs() {
    let demo = Demo::start(Options::default()).unwrap();
    let key_file = demo.key_file().to_str().unwrap();
    let mut pty = Pty::zitui(&[], &[("ZITUI_URL", demo.url()), ("ZITUI_KEY_FILE", key_file)]);
    pty.wait_for("Go to").send("go").wait_for("13 organizations");
    pty.send("a")
        .wait_for("⏎ choose")
        .send("deploy")
        .wait_for("deploy-bot")
        .send("\r")
        .wait_for("[ ]  ORG_OWNER");
    pty.send("\r").wait_for("+ ORG_OWNER");
    demo.faults().switch_on(Fault::new(Effect::Hang).on("CreateAdministrator"));
    pty.send("\r").wait_for("waiting for the answer");
    let before = Instant::now();
    // Two of the same kind at once may be delivered as one.
    pty.signal(Signal::TERM).signal(Signal::INT);
    assert!([130, 143].contains(&pty.exit_code()));
    assert!(before.elapsed() < Duration::from_secs(10), "waited for the write");
    pty.assert_given_back();
}

#[test]
fn the_demo_opens_signed_in() {
    let mut pty = Pty::zitui(&["demo"], &[]);
    pty.wait_for("Go to").send("q");
    assert_eq!(pty.exit_code(), 0);
    pty.assert_given_back();
}
