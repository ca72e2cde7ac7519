//! What a network sees: images of CIFAR-10, each as it is and then changed in one way a column. `tools/get-data cifar10`, then
//! `cargo run --release --example augment`; the sheet goes to `runs/augment.ppm`, a format that needs no library.

use std::fs;

use netform::data::augment::Border;
use netform::data::cifar10::load;
use netform::prelude::*;

const SIDE: usize = 32;
/// Dots a pixel.
const ZOOM: usize = 3;
const ROWS: usize = 8;

fn main() -> Result<(), Box<dyn core::error::Error>> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "data/cifar-10-batches-bin".into());
    let (_, images) = load(&folder)?;
    let columns = [
        ("as they are", Augment::new()),
        ("flip_horizontal", Augment::new().flip_horizontal(1.0)),
        ("flip_vertical", Augment::new().flip_vertical(1.0)),
        ("crop", Augment::new().crop(6)),
        ("crop, reflected", Augment::new().border(Border::Reflect).crop(6)),
        ("resized_crop", Augment::new().resized_crop(0.2)),
        ("rotate", Augment::new().rotate(40.0)),
        ("scale", Augment::new().border(Border::Edge).scale(0.5, 1.8)),
        ("shift", Augment::new().shift(0.3)),
        ("shear", Augment::new().shear(35.0)),
        ("brightness", Augment::new().brightness(0.6)),
        ("contrast", Augment::new().contrast(0.8)),
        ("saturation", Augment::new().saturation(1.0)),
        ("hue", Augment::new().hue(0.5)),
        ("noise", Augment::new().noise(0.1)),
        ("erase", Augment::new().erase(1.0)),
    ];
    let (width, height) = (columns.len() * (SIDE + 2) * ZOOM, ROWS * (SIDE + 2) * ZOOM);
    let mut dots = vec![255u8; width * height * 3];
    for (column, (name, augment)) in columns.iter().enumerate() {
        println!("column {}: {name}", column + 1);
        for row in 0..ROWS {
            // `input` scales pixels to [0, 1], which is what augmentation works on.
            let mut image = images.input::<f32>(row + 1)?;
            augment.apply(Image::<SIDE, SIDE, 3>::SHAPE, 1, row, image.as_flattened_mut().as_flattened_mut())?;
            let [top, left] = [row, column].map(|place| place * (SIDE + 2) * ZOOM);
            for (y, x) in (0..SIDE * ZOOM).flat_map(|y| (0..SIDE * ZOOM).map(move |x| (y, x))) {
                let place = ((top + y) * width + left + x) * 3;
                let pixel = image[y / ZOOM][x / ZOOM].map(|value| (value.clamp(0.0, 1.0) * 255.0).round() as u8);
                dots[place..place + 3].copy_from_slice(&pixel);
            }
        }
    }
    fs::create_dir_all("runs")?;
    fs::write("runs/augment.ppm", [format!("P6 {width} {height} 255\n").as_bytes(), &dots].concat())?;
    println!("runs/augment.ppm has the sheet.");
    Ok(())
}
