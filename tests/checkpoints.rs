//! A process that is killed while it saves, and training that goes on, with layers of the macro: dropout, batch
//! normalisation, shuffling, several threads.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use netform::optim::{Adadelta, Adagrad, Adamax, Lamb, Lion, Muon, Nadam, Optimizer, Radam};
use netform::prelude::*;
use netform::train::{Checkpoint, TrainError, callback};

network! {
    struct Small(input: [12]) -> [3] {
        input -> Dense(16) -> BatchNorm -> Relu -> Dropout(0.25) -> Dense(3)
    }
}

/// The folder that a killed process writes to.
const FOLDER: &str = "NETFORM_TEST_CHECKPOINTS";

/// Where a process that is interrupted saves.
const INTERRUPTED: &str = "NETFORM_TEST_INTERRUPTED";

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
    kill_again_and_again("some", 12);
}

#[test]
#[ignore = "takes a minute: cargo test -p netform --test checkpoints -- --ignored two_hundred --nocapture"]
fn two_hundred_killed_processes_leave_whole_checkpoints() {
    kill_again_and_again("many", 200);
}

/// Starts a process that saves for ever, kills it at a random moment, and wants the last checkpoint that it has reported, or the one after
/// it; so many times over the same file.
fn kill_again_and_again(name: &str, rounds: usize) {
    let folder = folder(name);
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join("last.safetensors");
    let mut random = Random::new(1);
    let (mut saved, mut unreported) = (0, 0);
    for round in 0..rounds {
        let mut child = Command::new(std::env::current_exe().expect("this program"))
            .args(["--exact", "saves_for_ever", "--ignored", "--nocapture"])
            .env(FOLDER, &folder)
            .stdout(Stdio::piped())
            .spawn()
            .expect("starts");
        std::thread::sleep(Duration::from_micros(10_000 + random.below(60_000) as u64));
        child.kill().expect("kills");
        let mut output = String::new();
        child.stdout.take().expect("piped").read_to_string(&mut output).expect("text");
        child.wait().expect("ends");
        let whole = output.rsplit_once(';').map_or("", |(whole, _)| whole);
        let Some((_, step)) = whole.rsplit_once("saved ") else {
            // Killed before its first: the one of an earlier round is whole, or the first of this one.
            assert!(saved == 0 || Checkpoint::load(&path).is_ok(), "round {round}");
            continue;
        };
        let acknowledged: u64 = step.parse().expect("a number");
        let [found] = Checkpoint::load(&path).expect("whole").state().integers("optimizer.steps").expect("steps");
        assert!((acknowledged..=acknowledged + 1).contains(&found), "round {round}: {found}, not {acknowledged}");
        saved += 1;
        unreported += usize::from(found > acknowledged);
    }
    std::fs::remove_dir_all(folder).expect("removed");
    println!("{rounds} killed, {saved} of them after a checkpoint, {unreported} between it and its report; none lost");
    assert!(saved > rounds / 8, "only {saved} of {rounds} got so far as to save");
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

const SCHEDULES: [Schedule; 10] = [
    Schedule::Constant,
    Schedule::Steps { epochs: 2, factor: 0.5 },
    Schedule::Milestones { epochs: &[3, 6], factor: 0.5 },
    Schedule::Exponential { factor: 0.9 },
    Schedule::Restarts { period: 30, growth: 2, floor: 0.1 },
    Schedule::Linear { from: 0.1, to: 1.0, steps: 70 },
    Schedule::Polynomial { power: 2.0 },
    Schedule::OneCycle { rise: 0.3 },
    Schedule::InverseRoot { warmup: 20 },
    Schedule::Warmup { steps: 60, then: &Schedule::Polynomial { power: 1.0 } },
];

network! {
    struct Wide(input: [12]) -> [3] {
        input -> Dense(7) -> Tanh -> Dropout(0.25) -> Dense(3)
    }
}

/// 100 steps; and 50, then an end three steps later, as when a process is killed, and the 50 others from the checkpoint in a new
/// network: the same bits. With dropout, an order of samples drawn anew in each epoch, and a schedule.
fn goes_on<O: Optimizer<f32> + Clone>(name: &str, optimizer: &O, schedule: Schedule) {
    let data = data();
    let trainer = |threads| {
        let trainer = Trainer::new(CrossEntropy::new(), optimizer.clone()).epochs(10).batch_size(10).seed(3).silent();
        trainer.threads(threads).schedule(schedule)
    };
    let mut whole = Wide::new(1);
    trainer(1).fit(&mut whole, &data).expect("trains");
    let initial = Wide::new(1);
    assert!(whole.as_slice() != initial.as_slice(), "{name} did nothing");
    for threads in [1, 2] {
        let path = folder(&format!("{name}-{threads}"));
        let mut killed = callback::OnStep(|moment: &mut callback::Moment<'_, f32>| {
            if moment.steps == 50 {
                moment.save(&path);
            }
            if moment.steps == 53 { Err(TrainError::NoForward) } else { Ok(()) }
        });
        let ended = trainer(threads).fit_with(&mut Wide::new(1), &data, &mut [&mut killed]);
        assert_eq!(ended.expect_err("is ended"), TrainError::NoForward);
        let kept = Checkpoint::load(&path).expect("whole");
        std::fs::remove_file(&path).expect("removed");
        let mut network = Wide::new(99);
        let mut idle = callback::OnStep(|_: &mut callback::Moment<'_, f32>| Ok(()));
        trainer(threads).resume(&mut network, &data, &mut [&mut idle], &kept).expect("goes on");
        assert!(network.as_slice() == whole.as_slice(), "{name}, {threads} threads");
    }
}

#[test]
fn training_goes_on_with_dropout_for_every_optimiser_and_schedule() {
    let cosine = Schedule::Cosine { warmup: 7, floor: 0.1 };
    macro_rules! each {
        ($($optimizer:expr),* $(,)?) => {$( goes_on(stringify!($optimizer), &$optimizer, cosine); )*};
    }
    each!(
        Sgd::new(0.05),
        Sgd::new(0.05).momentum(0.9),
        RmsProp::default(),
        Adam::default(),
        AdamW::default(),
        Adamax::default(),
        Nadam::default(),
        Radam::default(),
        Adagrad::default(),
        Adadelta::default(),
        Lion::default(),
        Lamb::default(),
        Muon::default(),
    );
    for (number, schedule) in SCHEDULES.into_iter().enumerate() {
        goes_on(&format!("schedule-{number}"), &Adam::default(), schedule);
    }
}

/// Every optimiser that there is, by the files of their folder.
#[test]
fn no_optimiser_is_left_out() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("nn-core/src/optim/mod.rs");
    let text = std::fs::read_to_string(folder).expect("the list of optimisers");
    let table = text.lines().filter_map(|line| line.strip_prefix("//! | [`")?.split_once("`]"));
    let names: Vec<&str> = table.map(|(name, _)| name).collect();
    assert!(names.len() >= 12, "{names:?}");
    let here = include_str!("checkpoints.rs");
    for name in names {
        assert!(here.contains(&format!("        {name}::")), "{name} is not resumed in this file");
    }
}

/// Not a test of its own: what the next one starts, and interrupts.
#[test]
#[ignore = "is started by `an_interrupted_process_finishes_its_step_and_saves`"]
fn trains_until_interrupted() {
    let Ok(path) = std::env::var(INTERRUPTED) else { return };
    let mut stop = callback::StopFlag::new().save_to(path).on_ctrl_c().expect("no other handler");
    let mut slow = callback::OnStep(|moment: &mut callback::Moment<'_, f32>| {
        if moment.steps == 3 {
            println!("training;");
        }
        std::thread::sleep(Duration::from_millis(1));
        Ok(())
    });
    let mut network = Small::new(1);
    let trainer = trainer(1).epochs(1_000_000);
    let history = trainer.fit_with(&mut network, &data(), &mut [&mut stop, &mut slow]).expect("ends as usual");
    println!("returned after {} epochs;", history.epochs.len());
}

#[cfg(unix)]
#[test]
fn an_interrupted_process_finishes_its_step_and_saves() {
    use std::io::{BufRead as _, BufReader};

    let path = folder("interrupted");
    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "trains_until_interrupted", "--ignored", "--nocapture"])
        .env(INTERRUPTED, &path)
        .stdout(Stdio::piped())
        .spawn()
        .expect("starts");
    let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines().map_while(Result::ok);
    assert!(lines.any(|line| line.contains("training;")), "it trains");
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("`kill` runs");
    assert!(sent.success());
    assert!(lines.any(|line| line.contains("returned after")), "the fit returns");
    assert!(child.wait().expect("ends").success());
    let kept = Checkpoint::load(&path).expect("saved");
    std::fs::remove_file(&path).expect("removed");
    let [steps] = kept.state().integers("optimizer.steps").expect("steps");
    assert!(steps >= 3, "{steps}");
    // And training goes on from there: to the end of its epoch.
    let mut stop = callback::StopFlag::new();
    let mut idle = callback::OnStep(|_: &mut callback::Moment<'_, f32>| Ok(()));
    let trainer = trainer(1).epochs(steps.div_ceil(10) as usize);
    let history = trainer.resume(&mut Small::new(2), &data(), &mut [&mut stop, &mut idle], &kept).expect("goes on");
    assert_eq!(history.epochs.len(), steps.div_ceil(10) as usize);
}

/// The best checkpoint of a run is a file of weights as well: no trainer is needed to use it.
#[test]
fn a_checkpoint_is_loaded_as_weights() {
    let folder = std::env::temp_dir().join(format!("netform_checkpoint_as_weights_{}", std::process::id()));
    let mut trained = Small::new(1);
    let mut saved = SaveCheckpoints::new(&folder);
    trainer(1).epochs(2).fit_with(&mut trained, &data(), &mut [&mut saved]).expect("trains");
    let path = folder.join("last.safetensors");
    let mut network = Small::new(2);
    network.load(&path).expect("a checkpoint of such a network");
    assert_eq!(network.as_slice(), trained.as_slice(), "weights and running statistics");
    network! { struct Wider(input: [12]) -> [3] { input -> Dense(16) -> BatchNorm -> Relu -> Dense(4) -> Dense(3) } }
    let error = Wider::new(1).load(&path).expect_err("another network").to_string();
    assert!(error.contains("these are not the weights of `Wider`") && !error.contains("optimizer"), "{error}");
    let mut content = std::fs::read(&path).expect("is there");
    let middle = content.len() / 2;
    content[middle] ^= 4;
    std::fs::write(&path, content).expect("writes");
    let error = network.load(&path).expect_err("damaged");
    assert!(error.to_string().contains("damaged"), "{error}");
    std::fs::remove_dir_all(&folder).expect("removes");
}
