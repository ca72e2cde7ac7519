//! What the compiler knows, as constants.

use netform::network;
use netform::network::Streams;
use netform::prelude::*;

network! {
    /// Documented.
    struct Counted(image: [6, 6, 1]) -> [4] {
        image -> conv: Conv2d(2, kernel = 3) -> Relu -> MaxPool2d(2) -> Flatten -> fc: Dense(4)
    }
    assert PARAMS == 20 + 36 && FLOPS < 4_000;
    assert WORKSPACE_BYTES <= 4_000;

    /// For a processor with some kilobytes of memory.
    #[stream]
    struct Keyword(sound: [20, 4]) -> [2] {
        sound -> Conv1d(8, kernel = 3, padding = causal) -> Relu -> Gru(8) -> Attention(2, causal = true, window = 5)
          -> Gru(4, last = true) -> Dense(2)
    }
    assert WORKSPACE_BYTES <= 24_000;

    #[stream]
    struct Unit(x: [20, 4]) -> [4] {
        x -> Gru(4, last = true)
    }
    assert WORKSPACE_BYTES <= 8_000;

    block Two(x: [width]) {
        (x -> Dense(4), x -> unused: Dense(8) -> Tanh)
    }

    /// The second result is dropped, and with it what leads there alone.
    struct Dropped(x: [3]) -> [4] {
        let (y, _) = x -> two: Two;
        y -> Tanh
    }

    struct Generic<const H: usize>(x: [4]) -> [4] {
        x -> Dense(H) -> Tanh -> Dense(4)
    }
    instances [3, 8]
    assert PARAMS < 80;
}

const _: () = assert!(Counted::PARAMS == 56);
const _: () = assert!(Generic::<3>::TRAINABLE_PARAMS == 4 * 3 + 3 + 3 * 4 + 4);

#[test]
fn what_is_dropped_costs_nothing_but_its_parameters() {
    assert_eq!((Dropped::PARAMS, Dropped::FLOPS), (3 * 4 + 4 + 3 * 8 + 8, 2 * 3 * 4 + 4));
    assert_eq!(Dropped::LAYERS.iter().map(|row| row.flops > 0).collect::<Vec<_>>(), [true, false, false, true]);
}

#[test]
fn counts_are_those_of_the_layers() {
    assert_eq!(Counted::LAYERS.len(), 5);
    let conv = Counted::LAYERS[0];
    assert_eq!((conv.name, conv.layer, conv.output, conv.parameters), ("conv", "Conv2d", Shape::new(&[4, 4, 2]), 20));
    assert_eq!(conv.flops, 2 * 16 * 2 * 9);
    let rows: u64 = Counted::LAYERS.iter().map(|row| row.flops).sum();
    assert_eq!(Counted::FLOPS, rows);
    // The first layer has no gradient of its input; the last one has both.
    assert!(Counted::TRAINING_FLOPS > Counted::FLOPS + conv.flops + 2 * Counted::LAYERS[4].flops - 1);
    assert_eq!(Counted::WORKSPACE_BYTES, 4 * <Counted as Predict<f32>>::WORKSPACE);
    assert_eq!(Counted::TAPE_BYTES_PER_SAMPLE, 4 * <Counted as Network<f32>>::TRAINING.per_sample);
}

/// Predictions and steps have no part in what training asks for.
#[test]
fn small_networks_need_little_memory() {
    let step = <Keyword as Streams<f32>>::STEP;
    let stream = step.per_sample + step.single + <Keyword as Streams<f32>>::STATE;
    let unit = <Unit as Streams<f32>>::STEP;
    println!(
        "a unit {} bytes, its step {}",
        Unit::WORKSPACE_BYTES,
        4 * (unit.per_sample + unit.single + <Unit as Streams<f32>>::STATE)
    );
    println!(
        "one prediction {} bytes, a stream {}: {} {} {}",
        Keyword::WORKSPACE_BYTES,
        4 * stream,
        step.per_sample,
        step.single,
        <Keyword as Streams<f32>>::STATE
    );
    assert!(stream < 1_500, "{stream} scalars");
    const { assert!(10 * Keyword::WORKSPACE_BYTES < Keyword::TRAINING_WORKSPACE_BYTES) };
}

#[test]
fn the_summary_is_a_table() {
    let lines: Vec<&str> = Counted::SUMMARY.lines().collect();
    assert_eq!(lines[0], "Counted");
    assert!(lines[3].starts_with("conv"), "{}", Counted::SUMMARY);
    assert!(lines[3].contains("[4, 4, 2]") && lines[3].contains("20"));
    assert!(Counted::SUMMARY.contains("parameters: 56, trained: 56"));
    assert!(Generic::<8>::SUMMARY.contains("[8]"));
}

#[test]
fn the_diagram_has_every_layer() {
    let netform::summary::Diagram { mermaid, svg } = Counted::DIAGRAM;
    for text in ["image", "conv: Conv2d", "Relu", "MaxPool2d", "Flatten", "fc: Dense", "[4, 4, 2]"] {
        assert!(mermaid.contains(text) && svg.contains(text), "{text}");
    }
    assert_eq!(mermaid.matches("-->").count(), 5);
    assert_eq!(svg.matches("<path").count(), 5);
}
