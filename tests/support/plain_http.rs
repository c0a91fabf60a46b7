//! HTTP by hand, so that no mistake of the client can hide from a test.

use std::io::{Read, Write};
use std::net::TcpStream;

/// The body of the answer to a POST with JSON. `url` is that of an instance on this machine.
pub(crate) fn post(url: &str, path: &str, token: &str, organization: &str, body: &str) -> String {
    let headers = [
        format!("Authorization: Bearer {token}"),
        format!("x-zitadel-orgid: {organization}"),
        "Content-Type: application/json".to_owned(),
    ];
    send(url, "POST", path, &headers, body)
}

/// The body of the answer to a request with these lines as headers.
pub(crate) fn send(url: &str, method: &str, path: &str, headers: &[String], body: &str) -> String {
    let host = url.strip_prefix("http://").unwrap();
    let mut connection = TcpStream::connect(host).unwrap();
    let (length, headers) = (body.len(), headers.join("\r\n"));
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    );
    connection.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200"), "{request}\n{answer}");
    body.to_owned()
}
