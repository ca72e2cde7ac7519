//! One trunk, two tasks (Caruana 1997, "Multitask Learning"): what an image shows, and how large it is, with a loss for each.

use netform::metrics::RootMeanSquaredError;
use netform::prelude::*;

use crate::check::check_some;
use crate::data::assert_falls;

network! {
    /// What both tasks see.
    block Trunk(filters: usize)(image: [..]) {
        image -> #[init(HeNormal)] Conv2d(filters, kernel = 3, padding = same) -> Relu -> MaxPool2d(2)
              -> #[init(HeNormal)] Conv2d(2 * filters, kernel = 3, padding = same) -> Relu -> MaxPool2d(2)
              -> Flatten
    }

    /// A photograph and the zoom it was taken with, to a class and a true height and width.
    pub struct MultiTask(image: [8, 8, 1], zoom: [1]) -> (class: [3], size: [2]) {
        let seen = concat(image -> trunk: Trunk(6), zoom) -> shared: Dense(16) -> Relu;
        let class = seen -> #[l2(1e-4)] class_head: Dense(3);
        let size = seen -> #[rate(0.5)] size_head: Dense(2);
        (class, size)
    }

    // 60 + 660 in the trunk, 49 · 16 + 16 shared, 51 and 34 in the heads.
    assert PARAMS == 1_605;
}

type Labels = (Classes<3>, Values<Features<2>>);

#[test]
fn gradients() {
    check_some::<MultiTask<f64>>(24);
}

/// A frame, a filled box or a cross, so and so many pixels high and wide.
fn shape(class: u32, height: usize, width: usize) -> [[[f32; 1]; 8]; 8] {
    let inked = |row: usize, column: usize| {
        let is_inside = row < height && column < width;
        let is_edge = row == 0 || column == 0 || row + 1 == height || column + 1 == width;
        is_inside && [is_edge, true, row == height / 2 || column == width / 2][class as usize]
    };
    core::array::from_fn(|row| core::array::from_fn(|column| [f32::from(u8::from(inked(row, column)))]))
}

#[test]
fn both_tasks_are_learnt_at_once() {
    let mut random = Random::new(1);
    let sample = |index: usize| {
        let (height, width, zoom) = (4 + random.below(5), 4 + random.below(5), 1.0 + random.uniform() as f32);
        let (class, size) = ((index % 3) as u32, [height as f32 / 8.0 / zoom, width as f32 / 8.0 / zoom]);
        (MultiTaskInput { image: shape(class, height, width), zoom: [zoom] }, (class, size))
    };
    let (inputs, targets): (Vec<_>, Vec<_>) = (0..240).map(sample).unzip();
    let data: Dataset<MultiTaskInputShape, Labels> = Dataset::from_samples(&inputs, &targets).expect("fits");
    let mut network = MultiTask::new(1);
    let losses = (CrossEntropy::new(), MeanSquaredError.weighted(4.0));
    let trainer = Trainer::new(losses, Adam::new(0.02)).epochs(24).batch_size(16).silent();
    let trainer = trainer.metric(Accuracy.of::<0>()).metric(RootMeanSquaredError.of::<1>());
    assert_falls(&trainer.fit(&mut network, &data).expect("trains"), 0.3);
    let report = trainer.evaluate(&network, &data).expect("evaluates");
    assert!(report.metric("accuracy of class") > Some(0.9), "{report}");
    assert!(report.metric("root mean squared error of size") < Some(0.13), "{report}");
    let MultiTaskOutput { class, size } = network.predict(&inputs[0]);
    assert!(class.iter().chain(&size).all(|number| number.is_finite()));
}
