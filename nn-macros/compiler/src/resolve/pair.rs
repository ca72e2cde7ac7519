//! `(a, b) -> Layer`: layers of two values, which become one along an axis.

use nn_core::spec::{Axes, Joins, LAYERS, LayerInfo, Permute};
use proc_macro2::{Ident, Span};

use super::Resolver;
use crate::argument::Content;
use crate::ast::LayerUse;
use crate::constant::Size;
use crate::graph::{NodeId, Op, Segment};
use crate::marks::Marks;
use crate::messages;
use crate::shapes;

impl<'n> Resolver<'n> {
    /// A layer of this name that takes two values, and how they are joined.
    pub(super) fn takes_two(&self, name: &Ident) -> Option<(&'static LayerInfo, Joins)> {
        let info = LAYERS.iter().find(|info| *name == info.name)?;
        Some((info, info.joins?))
    }

    /// Joins two values, and says in the layer's arguments how long each is.
    pub(super) fn layer_of_two(
        &mut self,
        (info, joins): (&'static LayerInfo, Joins),
        name: &Ident,
        layer: &'n LayerUse,
        [first, second]: [NodeId; 2],
        marks: &Marks,
        segment: Option<Segment>,
    ) -> NodeId {
        let span = name.span();
        let second = match joins.turned_unless {
            Some(flag) if !is_set(layer, flag) => self.turned(second, info.name, span),
            _ => second,
        };
        let values = [first, second];
        let sizes: Vec<(&str, Size)> =
            joins.sizes.iter().map(|size| (size.argument, self.axis_of(values[size.value], size.axis))).collect();
        let arguments = self.arguments(info, name, layer, &sizes);
        let parts = match joins.flat {
            true => values.iter().map(|value| self.flatten(*value, span)).collect(),
            false => values.to_vec(),
        };
        // What two values are joined for is not known: whether they fit is not either.
        let join = arguments.is_some().then_some(Op::Concat { axis: joins.axis, layer: Some(info.name) });
        let joined = self.value(join, "concat", span, parts);
        self.with_arguments(info, name, layer, arguments, joined, marks, segment)
    }

    /// A value with its last two axes swapped. One that has fewer stays as it is: the layer's rule refuses it.
    fn turned(&mut self, value: NodeId, layer: &str, span: Span) -> NodeId {
        let node = &self.graph.nodes[value];
        let axes = match node.axes.as_ref().map(Vec::len) {
            Some(rank @ 2..) => (0..rank as isize - 2).chain([-1, -2]).collect::<Vec<_>>(),
            None if !node.is_invalid => {
                self.diagnostics.error(span, messages::turned_unknown(layer, &node.title()));
                return self.invalid(span);
            }
            _ => return value,
        };
        self.operation(&Permute::INFO, vec![Content::Axes(Axes::new(&axes))], "turned", span, value)
    }

    /// How long a value is along an axis. Of one that has no such axis anything: the layer's rule refuses it.
    fn axis_of(&self, node: NodeId, axis: isize) -> Size {
        let node = &self.graph.nodes[node];
        let (plan, shape) = (shapes::plan_name(&self.network.name), shapes::shape_constant(&node.name));
        match &node.axes {
            Some(axes) => {
                let place = axis.checked_rem_euclid(axes.len() as isize).map_or(0, |place| place as usize);
                axes.get(place).cloned().unwrap_or(Size::Known(1))
            }
            None if axis >= 0 => Size::Expression(quote::quote!(#plan::#shape.dim(0))),
            None => {
                let back = proc_macro2::Literal::usize_unsuffixed(axis.unsigned_abs());
                Size::Expression(quote::quote!(#plan::#shape.dim(#plan::#shape.rank() - #back)))
            }
        }
    }
}

/// Whether a flag is written, and holds.
fn is_set(layer: &LayerUse, flag: &str) -> bool {
    let written = layer.arguments.iter().flatten().find(|argument| argument.name.as_ref().is_some_and(|n| n == flag));
    written.is_some_and(|argument| argument.tokens.to_string() == "true")
}
