use super::stateless;
use crate::kernels::{Gate, gate_backward, gate_forward};
use crate::layer::{Activations, Call, Pass};
use crate::scalar::Scalar;
use crate::spec;

/// The gate of a layer.
trait Gated {
    const GATE: Gate;
}

impl Gated for spec::Glu {
    const GATE: Gate = Gate::Sigmoid;
}

impl Gated for spec::SwiGlu {
    const GATE: Gate = Gate::Silu;
}

impl Gated for spec::GeGlu {
    const GATE: Gate = Gate::Gelu;
}

stateless! {
    /// The gated linear unit (Dauphin et al., 2017): the first half of the innermost axis times `Sigmoid` of the second.
    ///
    /// In `network!`: `Glu`. Any shape with an even innermost axis: `[time, 2 · width]` becomes `[time, width]`. As PyTorch's
    /// `GLU` along the last axis.
    Glu { forward, backward }
}
stateless! {
    /// The first half of the innermost axis times `Silu` of the second (Shazeer, 2020).
    ///
    /// In `network!`: `SwiGlu`; with the projection in front `Dense(2 * width) -> SwiGlu`. Any shape with an even innermost
    /// axis.
    SwiGlu { forward, backward }
}
stateless! {
    /// The first half of the innermost axis times `Gelu` of the second (Shazeer, 2020).
    ///
    /// In `network!`: `GeGlu`. Any shape with an even innermost axis.
    GeGlu { forward, backward }
}

fn forward<T: Scalar, C: Gated>(call: &Call<C>, _pass: &Pass, input: &[T], output: &mut [T]) {
    gate_forward(C::GATE, call.output.last(), input, output);
}

fn backward<T: Scalar, C: Gated>(
    call: &Call<C>,
    _pass: &Pass,
    values: Activations<'_, T>,
    d_output: &mut [T],
    d_input: &mut [T],
) {
    gate_backward(C::GATE, call.output.last(), values.input, d_output, d_input);
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::{GeGlu, Glu, Pass, SwiGlu};
    use crate::gradient_laws;
    use crate::layers::testing::{assert_near, call, forward, laws};

    #[test]
    fn one_half_gates_the_other() {
        let input = [2.0, 3.0, 0.0, 1.0];
        let sigmoid = 1.0 / (1.0 + (-1f64).exp());
        let pass = Pass::inference(1);
        assert_near(&forward(&Glu, &call!(Glu {}, [4]), &pass, &input), &[1.0, 3.0 * sigmoid]);
        assert_near(&forward(&SwiGlu, &call!(SwiGlu {}, [4]), &pass, &input), &[0.0, 3.0 * sigmoid]);
        let normal = 0.841_344_746_068_542_9;
        assert_near(&forward(&GeGlu, &call!(GeGlu {}, [4]), &pass, &input), &[0.0, 3.0 * normal]);
    }

    macro_rules! gate_laws {
        ($($test:ident: $name:ident;)*) => {$(
            #[test]
            fn $test() {
                gradient_laws! {
                    $name, laws!($name {}, [2], 1);
                    $name, laws!($name {}, [14], 3);
                    $name, laws!($name {}, [6], 5);
                    $name, laws!($name {}, [1, 2], 3);
                    $name, laws!($name {}, [3, 10], 2);
                    $name, laws!($name {}, [2, 3, 4], 3);
                    $name, laws!($name {}, [1, 1, 34], 2);
                    $name, laws!($name {}, [66], 2);
                }
            }
        )*};
    }

    gate_laws! {
        glu_laws: Glu;
        swiglu_laws: SwiGlu;
        geglu_laws: GeGlu;
    }
}
