//! Every form of the language, held to the gradient laws: an emitted network is a layer, whatever it was written with.

mod again;
mod attention;
mod blocks;
mod composed;
mod convolutions;
mod counts;
mod marks;
mod products;
mod samples;
mod sequences;
mod streams;
mod values;
mod volumes;

use netform::laws::{LawViolation, Laws};
use netform::layer::{Call, OpaqueLayer};
use netform::network::Network;
use netform::shapes::SampleShape;

/// Holds a network to the laws for several batches.
fn obeys<N: Network<f64> + OpaqueLayer<f64, Config = ()>>() -> Result<(), LawViolation> {
    let call = Call::new((), N::Input::SHAPE, N::Output::SHAPE, 3);
    for samples in [1, 3] {
        Laws::new(call, samples).inputs(0.25, 2.0).tape(N::TAPE).scratch(N::SCRATCH).check::<N>()?;
    }
    Ok(())
}

/// The dotted names of a network's tensors.
fn names<N: Network<f64>>() -> Vec<String> {
    netform::tensors::tensors(N::PARTS).into_iter().map(|tensor| tensor.name).collect()
}

macro_rules! laws {
    ($($test:ident: $network:ty;)*) => {$(
        #[test]
        fn $test() {
            assert_eq!($crate::obeys::<$network>(), Ok(()));
        }
    )*};
}
use laws;
