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
