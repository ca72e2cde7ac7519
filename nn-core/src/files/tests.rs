use std::fs;
use std::path::Path;
use std::vec::Vec;

use super::simulated::{Failure, Simulated};
use super::{replace, replace_on};

/// Files of several lengths, empty too.
fn content(number: usize) -> Vec<u8> {
    std::format!("{number} ").repeat([3, 0, 5, 1][number % 4]).into_bytes()
}

/// Writes some files one over the other, with one failure and no power from some call on. Returns how many states of the
/// disk could be found afterwards, and how many of them hold neither the last file that was acknowledged, nor one that was
/// begun later.
fn states(system: &Simulated, files: usize) -> [usize; 2] {
    let path = Path::new("run/last");
    let mut acknowledged = None;
    for number in 0..files {
        if replace_on(system, path, &content(number)).is_ok() {
            acknowledged = Some(number);
        }
    }
    let found = system.after_a_crash(path);
    let is_whole = |found: &Option<Vec<u8>>| match found {
        None => acknowledged.is_none(),
        Some(found) => (acknowledged.unwrap_or(0)..files).any(|number| *found == content(number)),
    };
    [found.len(), found.iter().filter(|found| !is_whole(found)).count()]
}

fn all_states(files: usize, lies: bool) -> [usize; 2] {
    let whole = Simulated::new(None, None, lies);
    states(&whole, files);
    let calls = whole.calls();
    let mut sums = [0; 2];
    let failures = (0..calls).flat_map(|call| [Failure::Refused, Failure::Partial].map(|kind| Some((call, kind))));
    for failure in failures.chain([None]) {
        for power in 0..=calls + 2 {
            let system = Simulated::new(failure, Some(power), lies);
            let [found, lost] = states(&system, files);
            sums = [sums[0] + found, sums[1] + lost];
        }
    }
    sums
}

#[test]
fn no_acknowledged_file_is_lost_whatever_fails() {
    let [states, lost] = all_states(6, false);
    std::println!("{states} states of the disk");
    assert!(states >= 5000, "{states}");
    assert_eq!(lost, 0, "of {states}");
}

#[test]
fn the_simulation_sees_what_a_disk_that_does_not_flush_loses() {
    assert!(all_states(2, true)[1] > 0);
}

#[test]
fn a_file_is_replaced_and_nothing_is_left_behind() {
    let folder = std::env::temp_dir().join(std::format!("netform-file-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join("weights");
    replace(&path, b"first, longer").unwrap();
    replace(&path, b"second").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"second");
    assert!(replace(&folder.join("no/folder"), b"").is_err());
    assert!(replace(&folder, b"a folder stands there").is_err());
    assert!(replace(Path::new("/"), b"").is_err());
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    fs::remove_dir_all(folder).unwrap();
}

/// As a process with the same number left them when it died.
#[test]
fn leftovers_are_stepped_over() {
    struct Littered(Simulated, std::cell::Cell<usize>);

    impl super::FileSystem for Littered {
        type File = usize;

        fn create_new(&self, path: &Path) -> std::io::Result<usize> {
            self.1.set(self.1.get() + 1);
            if self.1.get() < 4 { Err(std::io::ErrorKind::AlreadyExists.into()) } else { self.0.create_new(path) }
        }

        fn write(&self, file: &mut usize, content: &[u8]) -> std::io::Result<()> {
            self.0.write(file, content)
        }

        fn flush(&self, file: &usize) -> std::io::Result<()> {
            self.0.flush(file)
        }

        fn rename(&self, from: &Path, to: &Path) -> std::io::Result<()> {
            self.0.rename(from, to)
        }

        fn flush_folder(&self, folder: &Path) -> std::io::Result<()> {
            self.0.flush_folder(folder)
        }

        fn remove(&self, path: &Path) -> std::io::Result<()> {
            self.0.remove(path)
        }
    }

    let system = Littered(Simulated::new(None, None, false), Default::default());
    replace_on(&system, Path::new("run/last"), b"whole").unwrap();
    assert_eq!(system.1.get(), 4);
}
