//! A two-tower model, as recommenders use it (Yi et al. 2019, "Sampling-Bias-Corrected Neural Modeling for Large Corpus Item
//! Recommendations"): users and items become vectors by themselves, and their product says how well they fit.

use netform::prelude::*;

use crate::check::check;
use crate::data::assert_falls;

network! {
    /// What is known of one side, as a vector.
    block Tower(hidden: usize, width: usize)(known: [..]) {
        known -> Dense(hidden) -> Relu -> Dense(width)
    }

    /// How well a user and an item of MovieLens 100K fit: who and which as one of many, and a few features beside.
    pub struct TwoTower(user: [943], age: [1], item: [1682], genres: [19]) -> [1] {
        let who = concat(user -> #[no_decay] user_table: Dense(32, bias = false), age) -> user_tower: Tower(64, 32);
        let what = concat(item -> #[no_decay] item_table: Dense(32, bias = false), genres) -> item_tower: Tower(64, 32);
        sum(who * what)
    }

    // Tables 943 · 32 and 1682 · 32, towers 33 · 64 + 64 and 51 · 64 + 64, and twice 64 · 32 + 32.
    assert PARAMS == 93_664;

    /// The same for few users and items.
    pub struct SmallTwoTower(user: [6], age: [1], item: [5], genres: [2]) -> [1] {
        let who = concat(user -> #[no_decay] user_table: Dense(4, bias = false), age) -> user_tower: Tower(8, 3);
        let what = concat(item -> #[no_decay] item_table: Dense(4, bias = false), genres) -> item_tower: Tower(8, 3);
        sum(who * what)
    }
}

#[test]
fn gradients() {
    check::<SmallTwoTower<f64>>();
}

#[test]
fn every_user_and_item_find_their_place() {
    let one_of = |which: usize| move |place: usize| f32::from(u8::from(place == which));
    let pair = |index: usize| {
        let (user, item) = (index / 5, index % 5);
        let (age, genre) = ((user % 3) as f32 / 2.0, item % 2);
        let input = SmallTwoTowerInput {
            user: core::array::from_fn(one_of(user)),
            age: [age],
            item: core::array::from_fn(one_of(item)),
            genres: core::array::from_fn(one_of(genre)),
        };
        let likes = if genre == 0 { age } else { 1.0 - age } + 0.2 * ((user * item) % 3) as f32;
        (input, [likes])
    };
    let (pairs, likes): (Vec<_>, Vec<_>) = (0..30).map(pair).unzip();
    let data: Dataset<SmallTwoTowerInputShape, Values<Features<1>>> =
        Dataset::from_samples(&pairs, &likes).expect("fits");
    let mut network = SmallTwoTower::new(1);
    let trainer = Trainer::new(MeanSquaredError, Adam::new(0.02)).epochs(60).batch_size(10).silent();
    assert_falls(&trainer.fit(&mut network, &data).expect("trains"), 0.1);
}
