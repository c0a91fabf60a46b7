//! HTTP by hand, so that no mistake of the client can hide from a test.

use std::io::{Read, Write};
use std::net::TcpStream;

/// The body of the answer to a POST with JSON. `url` is that of an instance on this machine.
pub(crate) fn post(url: &str, path: &str, token: &str, organization: &str, body: &str) -> String {
    let host = url.strip_prefix("http://").unwrap();
    let mut connection = TcpStream::connect(host).unwrap();
    let length = body.len();
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\
         x-zitadel-orgid: {organization}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    connection.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200"), "{answer}");
    body.to_owned()
}
