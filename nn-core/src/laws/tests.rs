use super::*;
use crate::layer::{Activations, Memory, Pass};
use crate::spec::Shape;
use crate::tensors::{Part, Role};

/// What is wrong with a [`Scale`].
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    None,
    InputGradient,
    ParameterGradient,
    AddsToInputGradient,
    OverwritesGradient,
    NeedsToBeAsked,
    NeedsAGradient,
    LooksAtItsTile,
    ForgetsAnElement,
    Rounds,
    ReadsScratch,
}

/// `y = |x| · factor`, with a fault.
#[repr(C)]
struct Scale<T> {
    factor: [T; 1],
}

crate::plain! { impl[T] Scale<T> { factor: [T; 1] } }

impl Layer<f64> for Scale<f64> {
    type Config = Fault;
    type Gradient = Self;
    const PARTS: &'static [Part] = &[Part::tensor("factor", Shape::new(&[1]), Role::Weight)];

    fn forward(&self, call: &Call<Fault>, pass: &Pass, input: &[f64], output: &mut [f64], memory: Memory<'_, f64>) {
        let fault = call.config;
        let skipped = usize::from(fault == Fault::ForgetsAnElement);
        for (y, x) in output.iter_mut().zip(input).skip(skipped) {
            *y = x.abs() * self.factor[0];
            match fault {
                Fault::Rounds => *y = f64::from(*y as f32),
                Fault::LooksAtItsTile => *y += pass.samples as f64,
                Fault::ReadsScratch => *y += memory.scratch[0],
                _ => {}
            }
        }
    }

    fn backward(
        &self,
        call: &Call<Fault>,
        _pass: &Pass,
        values: Activations<'_, f64>,
        d_output: &mut [f64],
        d_input: Option<&mut [f64]>,
        gradient: Option<&mut Self>,
        _memory: Memory<'_, f64>,
    ) {
        let fault = call.config;
        let sum: f64 = d_output.iter().zip(values.input).map(|(d, x)| d * x.abs()).sum();
        let is_frozen = gradient.is_none();
        let mut nowhere = Self { factor: [0.0] };
        let gradient = gradient.unwrap_or(&mut nowhere);
        match fault {
            Fault::OverwritesGradient => gradient.factor[0] = sum,
            Fault::ParameterGradient => gradient.factor[0] += 1.0001 * sum,
            Fault::NeedsToBeAsked if d_input.is_none() => {}
            _ => gradient.factor[0] += sum,
        }
        for ((d_input, d), x) in d_input.into_iter().flatten().zip(d_output).zip(values.input) {
            let derivative = *d * self.factor[0] * x.signum();
            match fault {
                Fault::AddsToInputGradient => *d_input += derivative,
                Fault::InputGradient => *d_input = 1.0001 * derivative,
                Fault::NeedsAGradient if is_frozen => *d_input = 0.0,
                _ => *d_input = derivative,
            }
        }
    }
}

fn verdict(fault: Fault) -> Result<(), Law> {
    let shape = Shape::new(&[3]);
    let laws = Laws::new(Call::new(fault, shape, shape, 0), 4).scratch(1);
    laws.check::<Scale<f64>>().map_err(|violation| violation.law)
}

#[test]
fn every_fault_breaks_its_law() {
    assert_eq!(verdict(Fault::None), Ok(()));
    let faults = [
        (Fault::InputGradient, Law::Gradient),
        (Fault::ParameterGradient, Law::Gradient),
        (Fault::AddsToInputGradient, Law::Written),
        (Fault::OverwritesGradient, Law::Added),
        (Fault::NeedsToBeAsked, Law::Unasked),
        (Fault::NeedsAGradient, Law::Unasked),
        (Fault::LooksAtItsTile, Law::Tiles),
        (Fault::ForgetsAnElement, Law::Written),
        (Fault::ReadsScratch, Law::Written),
    ];
    for (fault, law) in faults {
        assert_eq!(verdict(fault), Err(law), "{fault:?}");
    }
    assert!(matches!(verdict(Fault::Rounds), Err(Law::Smooth | Law::Gradient)));
}

#[test]
fn a_kink_that_is_met_is_drawn_anew() {
    let shape = Shape::new(&[3]);
    // So near to the kink at zero, a step crosses it in most of the draws.
    let laws = Laws::new(Call::new(Fault::None, shape, shape, 0), 1).inputs(-2.0 * STEP, 2.0 * STEP);
    assert_eq!(laws.check::<Scale<f64>>(), Ok(()));
    let never = laws.inputs(-STEP / 4.0, STEP / 4.0);
    assert_eq!(never.check::<Scale<f64>>().map_err(|violation| violation.law), Err(Law::Smooth));
}

#[test]
fn parts_must_describe_the_struct() {
    #[repr(C)]
    struct Misdescribed<T> {
        factor: [T; 2],
    }
    crate::plain! { impl[T] Misdescribed<T> { factor: [T; 2] } }

    impl Layer<f64> for Misdescribed<f64> {
        type Config = ();
        type Gradient = Self;
        const PARTS: &'static [Part] = &[Part::tensor("factor", Shape::new(&[1]), Role::Weight)];

        fn forward(&self, _: &Call<()>, _: &Pass, input: &[f64], output: &mut [f64], _: Memory<'_, f64>) {
            output.copy_from_slice(input);
        }

        fn backward(
            &self,
            _: &Call<()>,
            _: &Pass,
            _: Activations<'_, f64>,
            _: &mut [f64],
            _: Option<&mut [f64]>,
            _: Option<&mut Self>,
            _: Memory<'_, f64>,
        ) {
        }
    }
    let shape = Shape::new(&[1]);
    let violation = Laws::new(Call::new((), shape, shape, 0), 1).check::<Misdescribed<f64>>().expect_err("2 is not 1");
    assert_eq!((violation.law, violation.found, violation.expected), (Law::Parts, 2.0, 1.0));
}
