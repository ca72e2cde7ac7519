//! The words about a file that is not of the network.

use super::{Stored, Walk, is_shape, names, scalar};
use crate::network::Network;
use crate::scalar::Scalar;
use crate::spec::{Message, Shape};

/// What differs between the tensors of a network and those of a file, in three lines; nothing if they fit. The table is
/// sorted by name.
pub const fn mismatch<T: Scalar, N: Network<T>>(path: &str, stored: &[Stored]) -> Option<Message> {
    let mut walk = Walk { stored, scalar: scalar::<T>(), position: 0, matched: 0, differences: 0, first: None };
    walk.parts(N::PARTS, &Message::new(), &[], &mut []);
    let count = walk.differences + stored.len() - walk.matched;
    if count == 0 {
        return None;
    }
    let message = Message::new().text("`").text(path).text("` does not hold the weights of `").text(N::NAME).text("`");
    let message = match count {
        1 => message,
        _ => message.text(": ").number(count).text(" differences, the first of which is"),
    };
    Some(match walk.first {
        Some(difference) => {
            let name = difference.name.as_str();
            let message = message.text("\nexpected `").text(name).text("` ");
            let message = form(message, walk.scalar, difference.expected.dims()).text(", found ");
            match difference.found {
                Some(index) => {
                    let Stored { scalar, shape, .. } = stored[index];
                    help_other(
                        form(message, scalar, shape).text("\nhelp: "),
                        &stored[index],
                        &walk,
                        difference.expected,
                    )
                }
                None => {
                    let near = near::<T, N>(&walk, name, difference.expected);
                    help_missing::<T, N>(message.text("no such tensor\nhelp: "), name, near)
                }
            }
        }
        None => help_extra::<T, N>(message, stored),
    })
}

/// `F32 [3, 2]`
const fn form(message: Message, scalar: &str, axes: &[usize]) -> Message {
    let mut message = message.text(scalar).text(" [");
    let mut axis = 0;
    while axis < axes.len() {
        if axis > 0 {
            message = message.text(", ");
        }
        message = message.number(axes[axis]);
        axis += 1;
    }
    message.text("]")
}

const fn help_other(message: Message, found: &Stored, walk: &Walk<'_>, expected: Shape) -> Message {
    if !names::are_equal(found.scalar, walk.scalar) {
        let wanted = if names::are_equal(walk.scalar, "F32") { "f32" } else { "f64" };
        return message.text("convert the file once: `netform convert FROM TO --dtype ").text(wanted).text("`");
    }
    if is_shuffled(found.shape, expected) {
        return message.text("if PyTorch's axes: `load_with(.., &Loading::torch())` once, then `save`");
    }
    message.text("give the layer the file's size, or save the weights of the network as it is now")
}

/// Whether these are the same axes in another order.
const fn is_shuffled(axes: &[usize], expected: Shape) -> bool {
    let mut axis = 0;
    while axis < axes.len() {
        let mut counts = [0; 2];
        let mut other = 0;
        while other < axes.len() {
            counts[0] += (axes[other] == axes[axis]) as usize;
            counts[1] += (expected.dim(other) == axes[axis]) as usize;
            other += 1;
        }
        if counts[0] != counts[1] {
            return false;
        }
        axis += 1;
    }
    axes.len() == expected.rank()
}

const fn help_missing<T: Scalar, N: Network<T>>(message: Message, name: &str, near: Option<&str>) -> Message {
    match near {
        Some(near) => {
            let message = message.text("the file has `").text(near).text("`: rename it, `weights!(\"..\" for ");
            message.text(N::NAME).text(", \"").text(name).text("\" = \"").text(near).text("\")`")
        }
        None => message.text("save the weights of the network as it is now"),
    }
}

/// The tensor of the file that was meant: of the same form, not the network's already, and of a similar name or the only
/// such one.
const fn near<'s, T: Scalar, N: Network<T>>(walk: &Walk<'s>, name: &str, expected: Shape) -> Option<&'s str> {
    let (mut best, mut least, mut count) = (None, usize::MAX, 0);
    let mut index = 0;
    while index < walk.stored.len() {
        let Stored { name: stored, scalar, shape, .. } = walk.stored[index];
        let is_alike = names::are_equal(scalar, walk.scalar) && is_shape(shape, expected);
        if is_alike && !names::has(N::PARTS, stored.as_bytes()) {
            let distance = names::distance(name, stored);
            if distance < least {
                (best, least) = (Some(stored), distance);
            }
            count += 1;
        }
        index += 1;
    }
    if count == 1 || least <= name.len() / 3 { best } else { None }
}

const fn help_extra<T: Scalar, N: Network<T>>(message: Message, stored: &[Stored]) -> Message {
    let mut index = 0;
    while index < stored.len() {
        let Stored { name, scalar, shape, .. } = stored[index];
        if !names::has(N::PARTS, name.as_bytes()) {
            let message = form(message.text("\nexpected no `").text(name).text("`, found "), scalar, shape);
            return message.text("\nhelp: the network lacks the layer, or is another one than that which was saved");
        }
        index += 1;
    }
    message
}
