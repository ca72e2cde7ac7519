//! The command line of netform: what can be done with any file, without knowing a user's types.

mod arguments;
mod check;
mod convert;
mod diff;
mod get;
mod inspect;
mod npy;
mod npz;
mod output;
mod report;

use std::process::ExitCode;

use arguments::Command;
use output::Outcome;

fn main() -> ExitCode {
    let outcome = match arguments::parse() {
        Err(message) => Outcome::failed(format!("{message}\nhelp: `netform --help` shows what there is")),
        Ok(Command::Help(text)) => Outcome::fine(text.to_owned()),
        Ok(Command::Inspect { path, json }) => inspect::run(&path, json),
        Ok(Command::Diff { paths, tolerance, json }) => diff::run(&paths, tolerance, json),
        Ok(Command::Convert(request)) => convert::run(&request),
        Ok(Command::Report { folder, page, json }) => report::run(&folder, page.as_deref(), json),
        Ok(Command::Get { arguments }) => get::run(&arguments),
        Ok(Command::Check { path, json }) => check::run(&path, json),
    };
    outcome.tell()
}
