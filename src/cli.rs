//! clap types, one file per command, output formats, exit codes. May use `engine`, `config` and `domain`.
