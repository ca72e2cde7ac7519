//! A process that is killed while it saves, and training that goes on, with layers of the macro: dropout, batch
//! normalisation, shuffling, several threads.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use netform::prelude::*;
use netform::train::callback::SaveCheckpoints;
use netform::train::{Checkpoint, TrainError, callback};

network! {
    struct Small(input: [12]) -> [3] {
        input -> Dense(16) -> BatchNorm -> Relu -> Dropout(0.25) -> Dense(3)
    }
}

/// The folder that a killed process writes to.
const FOLDER: &str = "NETFORM_TEST_CHECKPOINTS";

fn data() -> Dataset<Features<12>, Classes<3>> {
    let mut random = Random::new(4);
    let inputs: Vec<f32> = (0..12 * 100).map(|_| random.normal() as f32).collect();
    let labels: Vec<u32> = (0..100).map(|_| random.below(3) as u32).collect();
    Dataset::from_values(inputs, labels).expect("fits")
}

fn trainer(threads: usize) -> Trainer<CrossEntropy, Adam> {
    Trainer::new(CrossEntropy::new(), Adam::default()).epochs(10).batch_size(10).threads(threads).silent()
}

/// Not a test of its own: what the next one starts, and kills.
#[test]
#[ignore = "is started by `a_killed_process_leaves_a_whole_checkpoint`"]
fn saves_for_ever() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let path = Path::new(&folder).join("last.safetensors");
    let trainer = trainer(1);
    let mut network = Small::new(1);
    let mut session = trainer.start(&network, Classes::<3>).expect("starts");
    for step in 1.. {
        session.step(&mut network, &[[0.5; 12]; 4], &[0, 1, 2, 0]).expect("steps");
        session.checkpoint(&network).save(&path).expect("saves");
        println!("saved {step};");
    }
}

#[test]
fn a_killed_process_leaves_a_whole_checkpoint() {
    let folder = std::env::temp_dir().join(format!("netform-killed-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join("last.safetensors");
    let mut random = Random::new(1);
    let mut saved = 0;
    for round in 0..200 {
        let mut child = Command::new(std::env::current_exe().expect("this program"))
            .args(["--exact", "saves_for_ever", "--ignored", "--nocapture"])
            .env(FOLDER, &folder)
            .stdout(Stdio::piped())
            .spawn()
            .expect("starts");
        std::thread::sleep(Duration::from_micros(random.below(30_000) as u64));
        child.kill().expect("kills");
        let mut output = String::new();
        child.stdout.take().expect("piped").read_to_string(&mut output).expect("text");
        child.wait().expect("ends");
        let whole = output.rsplit_once(';').map_or("", |(whole, _)| whole);
        let Some((_, step)) = whole.rsplit_once("saved ") else { continue };
        let acknowledged: u64 = step.parse().expect("a number");
        let [found] = Checkpoint::load(&path).expect("whole").state().integers("optimizer.steps").expect("steps");
        assert!((acknowledged..=acknowledged + 1).contains(&found), "round {round}: {found}, not {acknowledged}");
        saved += 1;
    }
    std::fs::remove_dir_all(folder).expect("removed");
    assert!(saved > 20, "only {saved} of 200 got so far as to save");
}

fn folder(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("netform-run-{name}-{}", std::process::id()))
}

#[test]
fn training_goes_on_with_dropout_and_normalisation() {
    let data = data();
    for threads in [1, 2] {
        let folder = folder(&threads.to_string());
        let mut whole = Small::new(1);
        trainer(1).fit(&mut whole, &data).expect("trains");
        let mut network = Small::new(1);
        let mut saved = SaveCheckpoints::new(&folder).every_steps(25);
        let mut killed = callback::OnStep(
            |moment: &mut callback::Moment<'_, f32>| {
                if moment.steps == 58 { Err(TrainError::NoForward) } else { Ok(()) }
            },
        );
        let ended = trainer(threads).fit_with(&mut network, &data, &mut [&mut saved, &mut killed]);
        assert_eq!(ended.unwrap_err(), TrainError::NoForward);
        let mut network = Small::new(99);
        let last = Checkpoint::load(saved.last()).expect("whole");
        let mut again = callback::OnStep(|_: &mut callback::Moment<'_, f32>| Ok(()));
        let history =
            trainer(threads).resume(&mut network, &data, &mut [&mut saved, &mut again], &last).expect("goes on");
        assert_eq!(network.as_slice(), whole.as_slice());
        assert_eq!(history.epochs.len(), 10);
        let mut loaded = Small::new(7);
        let trained = trainer(1);
        let mut session = trained.start(&loaded, Classes::<3>).expect("starts");
        session.restore(&mut loaded, &Checkpoint::load(saved.last()).expect("whole")).expect("fits");
        assert_eq!(loaded.as_slice(), whole.as_slice());
        assert!(saved.best().exists());
        std::fs::remove_dir_all(folder).expect("removed");
    }
}
