//! HTTP transport, discovery, wire types and typed calls that return domain types. May use `domain` and `auth`.
