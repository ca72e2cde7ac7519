//! Ronneberger, Fischer and Brox 2015, "U-Net: Convolutional Networks for Biomedical Image Segmentation": down with pools, up
//! again with what was seen on the way down; in the padded form, where the map is as large as the image.

use netform::prelude::*;

use crate::check::check_some;
use crate::data::assert_falls;

network! {
    /// Two convolutions.
    block Double(filters: usize)(x: [..]) {
        x -> Conv2d(filters, kernel = 3, padding = same) -> Relu
          -> Conv2d(filters, kernel = 3, padding = same) -> Relu
    }

    /// Twice as large, beside what was seen at this size.
    block Up(x: [..], seen: [.., width]) {
        let raised = x -> UpSample2d -> Conv2d(width, kernel = 2, padding = same) -> Relu;
        concat(seen, raised) -> Double(width)
    }

    /// Five levels, from `width` to `16 · width` filters.
    block Levels(width: usize)(image: [..]) {
        let level1 = image -> Double(width);
        let level2 = level1 -> MaxPool2d(2) -> Double(2 * width);
        let level3 = level2 -> MaxPool2d(2) -> Double(4 * width);
        let level4 = level3 -> MaxPool2d(2) -> Double(8 * width) -> Dropout(0.5);
        let bottom = level4 -> MaxPool2d(2) -> Double(16 * width) -> Dropout(0.5);

        let up4 = (bottom, level4) -> Up;
        let up3 = (up4, level3) -> Up;
        let up2 = (up3, level2) -> Up;
        (up2, level1) -> Up
    }

    /// Which pixels belong to a cell, as logits.
    pub struct UNet(image: [256, 256, 1]) -> [256, 256, 1] {
        image -> levels: Levels(64) -> Conv2d(2, kernel = 3, padding = same) -> Relu -> Conv2d(1, kernel = 1)
    }

    // What the well-known Keras form of it counts.
    assert PARAMS == 31_031_685;

    /// Narrow, for small images.
    pub struct SmallUNet(image: [16, 16, 1]) -> [16, 16, 1] {
        image -> levels: Levels(2) -> Conv2d(2, kernel = 3, padding = same) -> Relu -> Conv2d(1, kernel = 1)
    }
}

#[test]
fn gradients() {
    check_some::<SmallUNet<f64>>(3);
}

#[test]
fn discs_are_found_in_noise() {
    type Map = [[[f32; 1]; 16]; 16];
    let mut random = Random::new(1);
    let mut sample = || -> (Map, Map) {
        let [x, y] = [(); 2].map(|()| 4.0 + 8.0 * random.uniform());
        let is_inside = |row: usize, column: usize| (row as f64 - y).hypot(column as f64 - x) < 4.0;
        let map: Map =
            core::array::from_fn(|row| core::array::from_fn(|column| [f32::from(u8::from(is_inside(row, column)))]));
        (map.map(|row| row.map(|pixel| pixel.map(|ink| ink + 0.3 * random.normal() as f32))), map)
    };
    let (images, maps): (Vec<Map>, Vec<Map>) = (0..24).map(|_| sample()).unzip();
    let data: Dataset<Image<16, 16, 1>, Values<Image<16, 16, 1>>> =
        Dataset::from_samples(&images, &maps).expect("fits");
    let mut network = SmallUNet::new(2);
    let trainer = Trainer::new(BinaryCrossEntropy::new(), Adam::new(0.02)).epochs(5).batch_size(4).silent();
    assert_falls(&trainer.fit(&mut network, &data).expect("trains"), 0.75);
}
