//! What an operator does, from the key press to the server and back, through the whole interactive program.

#[path = "support/whole_loop.rs"]
mod whole_loop;

use whole_loop::Person;
use zitui::demo::{Demo, Options};

#[tokio::test]
async fn signing_in() {
    let demo = Demo::start(Options::default()).unwrap();
    let mut person = Person::at(demo.url(), demo.key_file());
    person.settle().await;
    println!("{}", person.screen());
}

#[tokio::test]
async fn explore() {
    let demo = Demo::start(Options::default()).unwrap();
    let mut person = Person::at(demo.url(), demo.key_file());
    person.settle().await;
    for keys in [
        "enter",
        "/",
        "T:piranesi",
        "enter",
        "enter",
        "a",
        "T:deploy",
        "enter",
        "enter",
        "space",
        "enter",
        "enter",
        "enter",
    ] {
        match keys.strip_prefix("T:") {
            Some(t) => person.type_text(t).await,
            None => person.press(keys).await,
        };
        println!("==== {keys}\n{}", person.screen());
    }
}
