//! A training step after the first allocates nothing, whatever the number of threads.
#![cfg(feature = "std")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use nn_core::data::augment::Augment;
use nn_core::data::{Classes, Dataset};
use nn_core::losses::CrossEntropy;
use nn_core::metrics::Accuracy;
use nn_core::network::Scores;
use nn_core::optim::{Adam, Moments, Optimizer, Update};
use nn_core::shapes::Features;
use nn_core::train::{GradientSum, Run, Stepper, Trainer};

// What the shared test networks name by `crate::`.
extern crate alloc;
use nn_core::{Random, layer, network, plain, shapes, simd, spec, tensors};

mod random {
    pub(crate) use nn_core::Random;
}

mod scalar {
    pub(crate) use nn_core::Scalar;
}

#[path = "../src/train/testing.rs"]
mod testing;

struct Counting;

static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call goes to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::SeqCst);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Adam, which notes how many allocations had been made when each step came.
struct Watch {
    adam: Adam,
    seen: Mutex<Vec<usize>>,
}

impl Optimizer<f32> for Watch {
    fn moments(&self) -> usize {
        2
    }

    fn update(&self, update: Update, parameters: &mut [f32], gradient: &[f32], moments: Moments<'_, f32>) {
        let mut seen = self.seen.lock().expect("no test thread has failed");
        if seen.len() < update.step as usize {
            seen.push(ALLOCATIONS.load(Ordering::SeqCst));
        }
        self.adam.update(update, parameters, gradient, moments);
    }
}

fn steps_allocate_nothing<N: network::Network<f32, Input = Features<300>, Output = Features<10>, Kind = Scores>>() {
    const STEPS: usize = 3; // of 600 samples in three lanes, the last of an epoch of 400
    let mut random = Random::new(1);
    let inputs: Vec<f32> = (0..1600 * 300).map(|_| random.normal() as f32).collect();
    let labels: Vec<u32> = (0..1600).map(|_| random.below(10) as u32).collect();
    let data: Dataset<Features<300>, Classes<10>> = Dataset::from_values(inputs, labels).expect("fits");
    let data = data.one_hot();
    // Batches at once, and in parts whose gradients are taken twice.
    for (threads, parts) in [(1, 1), (2, 1), (1, 2), (2, 2)] {
        let watch = Watch { adam: Adam::default(), seen: Mutex::new(Vec::with_capacity(2 * STEPS)) };
        let trainer = Trainer::new(CrossEntropy::new(), watch).metric(Accuracy).batch_size(600 / parts);
        let trainer = if parts > 1 { trainer.accumulate(parts).sharpness_aware(0.05) } else { trainer };
        let augment = Augment::new().time_shift(0.1).noise(0.1).mix_up(0.2);
        let trainer = trainer.epochs(2).clip_norm(1.0).threads(threads).augment(augment).silent();
        let mut network = testing::new::<f32, N>(2);
        trainer.fit(&mut network, &data).expect("trains");
        let seen = trainer.optimizer().seen.lock().expect("no test thread has failed");
        assert_eq!(seen.len(), 2 * STEPS);
        for (epoch, steps) in seen.chunks(STEPS).enumerate() {
            // The first step of all plans the memory: it is behind when its update comes.
            assert!(
                steps.iter().all(|count| *count == steps[0]),
                "{threads} threads, {parts} parts, epoch {epoch}: {steps:?}"
            );
        }
    }
}

fn passes_by_hand_allocate_nothing<
    N: network::Network<f32, Input = Features<300>, Output = Features<10>, Kind = Scores>,
>() {
    let mut network = testing::new::<f32, N>(2);
    let (mut run, mut gradients) = (Run::new(&network, 20), GradientSum::new(&network));
    let mut stepper = Stepper::new(&network, Adam::default());
    let (inputs, labels) = (vec![[0.5; 300]; 20], vec![3; 20]);
    let mut counts = [0; 4];
    for count in &mut counts {
        run.infer(&network, &inputs).expect("there is room");
        run.forward(&network, &inputs).expect("there is room");
        run.loss(&CrossEntropy::new(), Classes, &labels).expect("finite");
        run.backward_to_input(&network, Some(&mut gradients)).expect("once");
        stepper.step(&mut network, &mut gradients).expect("finite");
        *count = ALLOCATIONS.load(Ordering::SeqCst);
    }
    assert!(counts.iter().all(|count| *count == counts[0]), "{counts:?}");
}

// One test alone: the counter is that of the whole process.
#[test]
fn steps_after_the_first_allocate_nothing() {
    // First, while there are no threads: those of a pool that is gone may still allocate as they end.
    passes_by_hand_allocate_nothing::<testing::Linear<f32, 300, 10>>();
    passes_by_hand_allocate_nothing::<testing::Centered<f32, 300, 10>>();
    steps_allocate_nothing::<testing::Linear<f32, 300, 10>>();
    steps_allocate_nothing::<testing::Centered<f32, 300, 10>>();
}
