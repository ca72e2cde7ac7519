//! Arithmetic: `a + b` with shapes that meet at their last axes, and with numbers.

use nn_core::spec::{self, Broadcast, Flatten, LayerInfo, Reciprocal, Rescaling};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::Expr as Constant;

use super::Resolver;
use crate::argument::{self, ArgumentValue, Content, Number};
use crate::ast::{Expr, Operator};
use crate::constant::{self, Size};
use crate::diagnostics::Place;
use crate::graph::{BuiltIn, NodeId, Op};
use crate::messages;

/// An operand of arithmetic.
enum Operand {
    Value(NodeId),
    Number(Number),
}

impl<'n> Resolver<'n> {
    pub(super) fn arithmetic(&mut self, first: &'n Expr, rest: &'n [(Operator, Span, Expr)]) -> NodeId {
        let mut left = self.operand(first, rest[0].1);
        for (operator, span, value) in rest {
            let right = self.operand(value, *span);
            left = Operand::Value(match (left, right) {
                (Operand::Value(left), Operand::Value(right)) => self.join(*operator, *span, left, right),
                (Operand::Value(value), Operand::Number(number)) => self.with_number(*operator, *span, value, &number),
                (Operand::Number(number), Operand::Value(value)) => self.number_with(*operator, *span, &number, value),
                (Operand::Number(_), Operand::Number(_)) => {
                    self.diagnostics.error(*span, messages::numbers_alone());
                    self.invalid(*span)
                }
            });
        }
        match left {
            Operand::Value(value) => value,
            Operand::Number(_) => self.invalid(Span::call_site()),
        }
    }

    fn operand(&mut self, expression: &'n Expr, span: Span) -> Operand {
        let number = |constant: &Constant| match constant::number(constant) {
            Some(number) => Number::Known(number),
            None => Number::Expression(quote!(#constant)),
        };
        match expression {
            Expr::Number(written) => {
                if matches!(written, Constant::Lit(literal) if !is_number(&literal.lit)) {
                    self.diagnostics.error(Place::of(written), messages::no_operand(&quote!(#written)));
                    return Operand::Value(self.invalid(span));
                }
                Operand::Number(number(&self.scope.substitute(written)))
            }
            Expr::Name(name) if self.scope.constants.contains_key(&name.to_string()) => {
                let tokens = self.scope.constants[&name.to_string()].clone();
                match syn::parse2::<Constant>(tokens.clone()) {
                    Ok(constant) => Operand::Number(match constant::number(&constant) {
                        Some(number) => Number::Known(number),
                        None => Number::Expression(quote!((#tokens) as f64)),
                    }),
                    Err(_) => Operand::Number(Number::Expression(tokens)),
                }
            }
            _ => Operand::Value(self.single(expression, span)),
        }
    }

    /// `a + b`: the smaller operand is repeated along the axes that it lacks.
    fn join(&mut self, operator: Operator, span: Span, left: NodeId, right: NodeId) -> NodeId {
        let shapes = [left, right].map(|node| self.graph.nodes[node].shape());
        let fits = match shapes {
            [Some(left), Some(right)] => spec::broadcast(left, right).is_ok(),
            _ => true,
        };
        // What does not fit is refused under the sign that the user wrote.
        if operator == Operator::Divide && fits {
            let inverse = self.operation(&Reciprocal::INFO, vec![], "reciprocal", span, right);
            return self.join(Operator::Multiply, span, left, inverse);
        }
        let [left, right] = self.broadcast(span, left, right);
        self.value(Some(Op::Join(operator)), join_name(operator), span, vec![left, right])
    }

    fn broadcast(&mut self, span: Span, left: NodeId, right: NodeId) -> [NodeId; 2] {
        let [first, second] = [left, right].map(|node| self.graph.nodes[node].axes.clone());
        let (Some(first), Some(second)) = (first, second) else { return [left, right] };
        let Some(common) = common_axes(&first, &second) else { return [left, right] };
        [(left, first), (right, second)].map(|(node, axes)| {
            let is_same =
                axes.len() == common.len() && axes.iter().zip(&common).all(|(own, common)| own.is_same(common));
            // Sizes that only rustc knows count as equal: it will tell if they are not.
            let is_needed = axes.len() != common.len() || axes.iter().any(|axis| axis.known() == Some(1));
            if is_same || !is_needed {
                return node;
            }
            let contents = vec![Content::Shape(common.clone())];
            self.operation(&Broadcast::INFO, contents, "broadcast", span, node)
        })
    }

    /// `x * 0.5`
    fn with_number(&mut self, operator: Operator, span: Span, value: NodeId, number: &Number) -> NodeId {
        let (scale, offset) = match operator {
            Operator::Add => (one(), number.clone()),
            Operator::Subtract => (one(), negative(number)),
            Operator::Multiply => (number.clone(), zero()),
            Operator::Divide => {
                if matches!(number, Number::Known(0.0)) {
                    self.diagnostics.error(span, messages::division_by_zero());
                    return self.invalid(span);
                }
                (inverse(number), zero())
            }
        };
        self.rescale(span, value, scale, offset)
    }

    /// `1 - x`
    fn number_with(&mut self, operator: Operator, span: Span, number: &Number, value: NodeId) -> NodeId {
        let (value, scale, offset) = match operator {
            Operator::Add => (value, one(), number.clone()),
            Operator::Subtract => (value, Number::Known(-1.0), number.clone()),
            Operator::Multiply => (value, number.clone(), zero()),
            Operator::Divide => {
                let inverse = self.operation(&Reciprocal::INFO, vec![], "reciprocal", span, value);
                (inverse, number.clone(), zero())
            }
        };
        self.rescale(span, value, scale, offset)
    }

    fn rescale(&mut self, span: Span, value: NodeId, scale: Number, offset: Number) -> NodeId {
        let contents = vec![Content::Number(scale), Content::Number(offset)];
        self.operation(&Rescaling::INFO, contents, "rescaling", span, value)
    }

    pub(super) fn flatten(&mut self, value: NodeId, span: Span) -> NodeId {
        self.operation(&Flatten::INFO, vec![Content::Absent], "flatten", span, value)
    }

    /// A built-in layer that the language itself puts in: its arguments in order; the others have their defaults.
    pub(super) fn operation(
        &mut self,
        info: &'static LayerInfo,
        contents: Vec<Content>,
        name: &str,
        span: Span,
        input: NodeId,
    ) -> NodeId {
        let mut arguments: Vec<ArgumentValue> =
            contents.into_iter().map(|content| ArgumentValue { content, place: None }).collect();
        arguments.extend(info.arguments[arguments.len()..].iter().filter_map(argument::default));
        let token = Ident::new(info.name, span);
        let op = Op::Layer(BuiltIn { info, token, arguments, field: None, activation: None, pool: None });
        self.value(Some(op), name, span, vec![input])
    }
}

/// The axes of both operands: those of size 1, and those that one of them lacks, are the other's. Nothing where sizes that
/// are known do not fit.
fn common_axes(left: &[Size], right: &[Size]) -> Option<Vec<Size>> {
    let rank = left.len().max(right.len());
    let axis = |axes: &[Size], place: usize| (place + axes.len()).checked_sub(rank).map(|place| axes[place].clone());
    let merge = |place: usize| match (axis(left, place), axis(right, place)) {
        (Some(left), Some(right)) => match (left.known(), right.known()) {
            // The rule for numbers stands in `spec`.
            (Some(first), Some(second)) => {
                let common = spec::broadcast(spec::Shape::new(&[first]), spec::Shape::new(&[second]));
                common.ok().map(|common| Size::Known(common.last()))
            }
            (Some(1), None) => Some(right),
            _ => Some(left),
        },
        (left, right) => left.or(right),
    };
    (0..rank).map(merge).collect()
}

fn is_number(literal: &syn::Lit) -> bool {
    matches!(literal, syn::Lit::Int(_) | syn::Lit::Float(_))
}

fn one() -> Number {
    Number::Known(1.0)
}

fn zero() -> Number {
    Number::Known(0.0)
}

fn negative(number: &Number) -> Number {
    computed(number, |number| -number, |tokens| quote!(-(#tokens)))
}

fn inverse(number: &Number) -> Number {
    computed(number, |number| 1.0 / number, |tokens| quote!(1.0 / (#tokens)))
}

fn computed(number: &Number, known: fn(f64) -> f64, tokens: fn(&TokenStream) -> TokenStream) -> Number {
    match number {
        Number::Known(number) => Number::Known(known(*number)),
        Number::Expression(expression) => Number::Expression(tokens(expression)),
    }
}

fn join_name(operator: Operator) -> &'static str {
    match operator {
        Operator::Add => "sum",
        Operator::Subtract => "difference",
        Operator::Multiply => "product",
        Operator::Divide => "quotient",
    }
}
