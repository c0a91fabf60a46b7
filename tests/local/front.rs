//! A proxy before the demo instance that ends TLS, as one stands before most instances.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

use rustls::{ServerConfig, ServerConnection, StreamOwned};
use zitui::demo::Demo;

/// Whether to tell the instance that it was asked by TLS, for the first line of a request.
pub(crate) type Tells = fn(&str) -> bool;

/// Starts it; its address. It ends with the test.
pub(crate) fn before(demo: &Demo, config: Arc<ServerConfig>, tells: Tells) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let behind = demo.url().rsplit('/').next().expect("a host").to_owned();
    std::thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let (config, behind) = (Arc::clone(&config), behind.clone());
            // A client that does not trust the certificate leaves in the middle.
            std::thread::spawn(move || pass_on(client, config, &behind, tells).unwrap_or_default());
        }
    });
    format!("https://localhost:{port}")
}

/// One request for each connection.
fn pass_on(client: TcpStream, config: Arc<ServerConfig>, behind: &str, tells: Tells) -> std::io::Result<()> {
    let connection = ServerConnection::new(config).map_err(std::io::Error::other)?;
    let mut client = StreamOwned::new(connection, client);
    let mut request = Vec::new();
    let mut piece = [0; 4096];
    while !is_whole(&request) {
        let length = client.read(&mut piece)?;
        if length == 0 {
            return Ok(());
        }
        request.extend_from_slice(&piece[..length]);
    }
    let line = request.windows(2).position(|pair| pair == b"\r\n").unwrap_or_default() + 2;
    let mut server = TcpStream::connect(behind)?;
    server.write_all(&request[..line])?;
    if tells(&String::from_utf8_lossy(&request[..line])) {
        server.write_all(b"X-Forwarded-Proto: https\r\n")?;
    }
    server.write_all(b"Connection: close\r\n")?;
    server.write_all(&request[line..])?;
    let mut answer = Vec::new();
    server.read_to_end(&mut answer)?;
    client.write_all(&answer)?;
    client.conn.send_close_notify();
    client.flush()
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    body.len() >= length.and_then(|length| length.trim().parse().ok()).unwrap_or(0)
}
