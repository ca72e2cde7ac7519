//! What was asked for.

use std::path::PathBuf;

use lexopt::prelude::*;

pub(crate) const HELP: &str = "\
netform: looks into, compares and converts files of weights, reports on runs, checks data

  netform inspect FILE [--json]                what lies in a safetensors file or training checkpoint
  netform diff FIRST SECOND [--tolerance T] [--json]
                                               how the tensors of two files differ
  netform convert FROM TO [--dtype f32|f64] [--part PREFIX]
                                               safetensors to npz and back; other scalars; a part of a file
  netform report FOLDER [--output PAGE] [--json]
                                               one HTML page about a run, from the logs, pictures and weights in its folder
  netform data get NAME...                     gets data sets, in a clone of netform (`tools/get-data`)
  netform data check FOLDER|FILE [--json]      are these whole data sets: IDX, CIFAR-10, CSV, images

  netform COMMAND --help says more about a command.

exit codes: 0 done; 1 done, and differences or problems found; 2 wrong usage, or a file that cannot be read or written";

const INSPECT: &str = "\
netform inspect FILE [--json]

Shows what a safetensors file says about itself, and for each tensor its data type, its axes, and of its numbers the mean, the
deviation, the least and the greatest, and how many are 0, NaN or infinite. Training checkpoints are such files as well.

exit codes: 0 all numbers are finite; 1 some are not; 2 the file cannot be read, or is no safetensors file";

const DIFF: &str = "\
netform diff FIRST SECOND [--tolerance T] [--json]

Names all tensors that only one of two safetensors files has, that have another form, or whose numbers differ by more
than T (0 by default). NaN is like NaN. What the files say about themselves is not compared.

exit codes: 0 the tensors are the same; 1 they differ; 2 a file cannot be read";

const CONVERT: &str = "\
netform convert FROM TO [--dtype f32|f64] [--part PREFIX]

Reads a .safetensors or .npz file and writes another, by the ends of their names. --dtype turns all tensors of real numbers
into one scalar, which is what `weights!` wants; --part keeps the tensors whose names begin with PREFIX, without it:

  netform convert model.npz model.safetensors --dtype f32
  netform convert runs/last.safetensors weights.safetensors --part network.

exit codes: 0 done; 2 a file cannot be read, written, or has what the other format does not have";

const REPORT: &str = "\
netform report FOLDER [--output PAGE] [--json]

Writes one HTML page about a run, FOLDER/report.html by default: settings (settings.txt), curves and a table of the epochs
(logs of `CsvLog` and `JsonLog`), statistics of layers, pictures (.png, .svg) and the tensors of checkpoints.
--json writes no page, and shows the epochs.

exit codes: 0 done; 2 the folder cannot be read, has nothing to show, or a log in it is damaged";

const DATA: &str = "\
netform data get NAME...
netform data check FOLDER|FILE [--json]

`get` runs tools/get-data of the clone of netform in or below which it is called, which knows where data sets come from.
`check` reads every IDX file (…-ubyte, also with .gz), CIFAR-10 batch and .csv or .tsv file, and shows what is in it: samples, axes,
how many of each class, columns and what is missing in them. Images and labels that belong together are held to each other. Of
PNG and JPEG images, in the folder and in folders of classes below it, it shows how many there are of each size.

exit codes of check: 0 all files are whole; 1 some are not; 2 there is nothing that it knows";

/// One of the commands.
#[derive(Debug, PartialEq)]
pub(crate) enum Command {
    Help(&'static str),
    Inspect { path: PathBuf, json: bool },
    Diff { paths: [PathBuf; 2], tolerance: f64, json: bool },
    Convert(Conversion),
    Report { folder: PathBuf, page: Option<PathBuf>, json: bool },
    Get { arguments: Vec<String> },
    Check { path: PathBuf, json: bool },
}

/// What `convert` is to do.
#[derive(Debug, PartialEq)]
pub(crate) struct Conversion {
    pub(crate) from: PathBuf,
    pub(crate) to: PathBuf,
    pub(crate) dtype: Option<String>,
    pub(crate) part: Option<String>,
}

/// What stands on the command line, by kind.
#[derive(Default)]
struct Words {
    values: Vec<String>,
    json: bool,
    help: bool,
    tolerance: Option<String>,
    dtype: Option<String>,
    part: Option<String>,
    output: Option<String>,
}

pub(crate) fn parse() -> Result<Command, String> {
    command(words(lexopt::Parser::from_env()).map_err(|error| error.to_string())?)
}

fn words(mut parser: lexopt::Parser) -> Result<Words, lexopt::Error> {
    let mut words = Words::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => words.help = true,
            Long("json") => words.json = true,
            Long("tolerance") => words.tolerance = Some(parser.value()?.string()?),
            Long("dtype") => words.dtype = Some(parser.value()?.string()?),
            Long("part") => words.part = Some(parser.value()?.string()?),
            Short('o') | Long("output") => words.output = Some(parser.value()?.string()?),
            Value(value) => words.values.push(value.string()?),
            _ => return Err(argument.unexpected()),
        }
    }
    Ok(words)
}

fn command(words: Words) -> Result<Command, String> {
    let values: Vec<&str> = words.values.iter().map(String::as_str).collect();
    if words.help || values.is_empty() {
        return help(values.first().copied(), words.help);
    }
    words.allow(values[0])?;
    let json = words.json;
    match values[..] {
        ["inspect", path] => Ok(Command::Inspect { path: path.into(), json }),
        ["diff", first, second] => {
            let tolerance = words.tolerance.as_deref().unwrap_or("0");
            let fits = |tolerance: &f64| *tolerance >= 0.0;
            let tolerance = tolerance.parse().ok().filter(fits);
            let tolerance = tolerance.ok_or("--tolerance takes a number of at least 0")?;
            Ok(Command::Diff { paths: [first.into(), second.into()], tolerance, json })
        }
        ["convert", from, to] => {
            let Words { dtype, part, .. } = words;
            Ok(Command::Convert(Conversion { from: from.into(), to: to.into(), dtype, part }))
        }
        ["report", folder] => Ok(Command::Report { folder: folder.into(), page: words.output.map(Into::into), json }),
        ["data", "get", ref names @ ..] if !names.is_empty() => {
            Ok(Command::Get { arguments: names.iter().map(ToString::to_string).collect() })
        }
        ["data", "check", path] => Ok(Command::Check { path: path.into(), json }),
        [command @ ("inspect" | "diff" | "convert" | "report" | "data"), ..] => {
            Err(format!("wrong number of arguments: `netform {command} --help` says which it takes"))
        }
        _ => Err(format!("there is no command `{}`", values[0])),
    }
}

impl Words {
    /// Refuses options that a command does not have.
    fn allow(&self, command: &str) -> Result<(), String> {
        let options = [
            ("--json", self.json, ["inspect", "diff", "report", "data"].as_slice()),
            ("--tolerance", self.tolerance.is_some(), &["diff"]),
            ("--dtype", self.dtype.is_some(), &["convert"]),
            ("--part", self.part.is_some(), &["convert"]),
            ("--output", self.output.is_some(), &["report"]),
        ];
        match options.iter().find(|(_, given, commands)| *given && !commands.contains(&command)) {
            Some((option, ..)) => Err(format!("`{command}` does not take {option}")),
            None => Ok(()),
        }
    }
}

fn help(command: Option<&str>, asked: bool) -> Result<Command, String> {
    match command {
        None if !asked => Err("expected a command".into()),
        None => Ok(Command::Help(HELP)),
        Some("inspect") => Ok(Command::Help(INSPECT)),
        Some("diff") => Ok(Command::Help(DIFF)),
        Some("convert") => Ok(Command::Help(CONVERT)),
        Some("report") => Ok(Command::Help(REPORT)),
        Some("data") => Ok(Command::Help(DATA)),
        Some(other) => Err(format!("there is no command `{other}`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Command, String> {
        command(words(lexopt::Parser::from_args(line.split_whitespace())).map_err(|error| error.to_string())?)
    }

    #[test]
    fn options_stand_anywhere_and_only_where_they_belong() {
        let expected = Command::Diff { paths: ["a".into(), "b".into()], tolerance: 1e-3, json: true };
        assert_eq!(parsed("--json diff a --tolerance=1e-3 b"), Ok(expected));
        for (line, expected) in [
            ("", "expected a command"),
            ("fit a", "there is no command `fit`"),
            ("inspect", "wrong number of arguments"),
            ("inspect a --dtype f32", "`inspect` does not take --dtype"),
            ("inspect a --nonsense", "invalid option '--nonsense'"),
            ("diff a b --tolerance x", "--tolerance takes a number"),
            ("diff a b --tolerance -1", "--tolerance takes a number"),
            ("diff a b --tolerance nan", "--tolerance takes a number"),
            ("data", "wrong number of arguments"),
            ("data get", "wrong number of arguments"),
        ] {
            assert!(parsed(line).unwrap_err().contains(expected), "{line}: {:?}", parsed(line));
        }
    }

    #[test]
    fn help_is_by_command() {
        assert_eq!(parsed("convert --help"), Ok(Command::Help(CONVERT)));
        assert_eq!(parsed("-h"), Ok(Command::Help(HELP)));
    }
}
