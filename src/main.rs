//! The thin program `concord`: see [`concord::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    concord::cli::main()
}
