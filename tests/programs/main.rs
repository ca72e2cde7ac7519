//! Networks that everybody knows, as a reader would want to find them written: each in its true size, counted against the
//! number of parameters that is known for it, and, with the same blocks, in a small one, which is held to difference
//! quotients and trained for a moment.

mod autoencoder;
#[path = "../common/check.rs"]
mod check;
mod contrastive;
mod data;
mod densenet;
mod dqn;
mod gan;
mod inception;
mod lenet;
mod mlp;
mod mobilenet;
mod multi_task;
mod resnet;
mod siamese;
mod transcriber;
mod two_tower;
mod unet;
mod vae;
mod vgg;
