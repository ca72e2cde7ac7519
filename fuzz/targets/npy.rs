#![no_main]

libfuzzer_sys::fuzz_target!(|content: &[u8]| netform_fuzz::npy(content));
