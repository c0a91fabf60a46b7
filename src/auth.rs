//! Key file → assertion → token; renewal, single flight; the reasons why signing in failed. May use `domain`.
//!
//! Every HTTP client of the program is made here, so that none exists without the crypto provider, the timeouts and
//! the ban on redirects.

pub mod address;
pub mod assertion;
pub mod failure;
pub mod http;
pub mod key_file;
pub mod proxy;
pub mod refusal;
pub mod retry;
mod secret_file;
mod signer;
pub mod token;
pub mod token_file;
