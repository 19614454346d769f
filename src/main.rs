//! The program: everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    nemo_bot::cli::main()
}
