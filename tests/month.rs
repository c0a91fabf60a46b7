//! Runs `tests/month.sh`: a month of work with the commands alone.

#![cfg(unix)]
use std::path::Path;
use std::process::{Command, Stdio};

#[test]
fn a_month_of_work_leaves_the_instance_as_it_should_be() {
    let has_curl = Command::new("curl").arg("--version").stdout(Stdio::null()).status();
    if !has_curl.is_ok_and(|status| status.success()) {
        eprintln!("skipped: curl is not installed");
        return;
    }
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let folder = tempfile::tempdir().expect("a folder");
    let output = Command::new("sh")
        .arg(tests.join("month.sh"))
        .current_dir(folder.path())
        .env("ZITUI", assert_cmd::cargo::cargo_bin!("zitui"))
        .env("WORLD", tests.join("worlds/levels.json"))
        .output()
        .expect("a shell");
    let told =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{told}");
    assert!(told.contains("the month went well"), "{told}");
}
