//! span: load
//! names: Image<32, 32, 2>
//! shapes: -
//! expected and found: -
//! fix: 3 (red, green and blue)

use netform::data::images::ImageFolder;
use netform::prelude::*;

fn main() {
    let _: Result<Dataset<Image<32, 32, 2>, Classes<5>>, _> = ImageFolder::new("pets").load();
}
