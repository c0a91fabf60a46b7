//! Key file → assertion → token; renewal, single flight; reasons why the server refused. May use `domain`.
