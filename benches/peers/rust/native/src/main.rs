//! Libraries in C: `native-peer libxsmm|onednn|blas path-of-the-library`. They are loaded, not linked, so that this builds
//! without them; OpenBLAS and BLIS share an interface.

use libloading::{Library, Symbol};
use protocol::{Work, aligned};
use std::ffi::c_char;
use std::hint::black_box;
use std::ptr::null;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [interface, path] = arguments.as_slice() else { panic!("native-peer INTERFACE LIBRARY") };
    // SAFETY: loading one of these libraries has no effect beyond its own initialisation.
    let library: &'static Library = Box::leak(Box::new(unsafe { Library::new(path) }.expect("the library loads")));
    protocol::serve(|task| match task {
        ["gemm", sizes @ ..] => {
            let sizes = protocol::sizes(sizes)?;
            match interface.as_str() {
                "libxsmm" => libxsmm(library, sizes),
                "onednn" => onednn(library, sizes),
                _ => blas(library, sizes),
            }
        }
        _ => None,
    })
}

/// The work of `c = a · b`, by a call on the three matrices.
fn work([m, k, n]: [usize; 3], call: impl Fn(*const f32, *const f32, *mut f32) + 'static) -> Option<Work> {
    let (a, b, mut c) = (aligned(m * k), aligned(k * n), aligned(m * n));
    Some(Box::new(move || call(black_box(&a).as_ptr(), black_box(&b).as_ptr(), black_box(&mut c).as_mut_ptr())))
}

/// `m, n, k, lda, ldb, ldc, alpha, beta, flags, prefetch` to a kernel made for exactly these sizes, or to null.
type Dispatch = unsafe extern "C" fn(
    i32,
    i32,
    i32,
    *const i32,
    *const i32,
    *const i32,
    *const f32,
    *const f32,
    *const i32,
    *const i32,
) -> Option<Kernel>;
type Kernel = unsafe extern "C" fn(*const f32, *const f32, *mut f32);

/// The library thinks in columns: it computes the transposed product, with the factors exchanged.
fn libxsmm(library: &'static Library, sizes @ [m, k, n]: [usize; 3]) -> Option<Work> {
    let [rows, columns, depth] = [n as i32, m as i32, k as i32];
    // SAFETY: the symbol has this type, as its header says, and the pointers are valid or null for the default.
    let kernel = unsafe {
        let dispatch: Symbol<Dispatch> = library.get(b"libxsmm_smmdispatch").ok()?;
        dispatch(rows, columns, depth, null(), null(), null(), &1.0, &0.0, null(), null())
    }?;
    // SAFETY: the kernel was made for these sizes.
    work(sizes, move |a, b, c| unsafe { kernel(b, a, c) })
}

type Sgemm = unsafe extern "C" fn(
    c_char,
    c_char,
    i64,
    i64,
    i64,
    f32,
    *const f32,
    i64,
    *const f32,
    i64,
    f32,
    *mut f32,
    i64,
) -> i32;

fn onednn(library: &'static Library, sizes @ [m, k, n]: [usize; 3]) -> Option<Work> {
    let [m, n, k] = [m as i64, n as i64, k as i64];
    let plain = b'N' as c_char;
    // SAFETY: the symbol has this type, as its header says.
    let sgemm: Symbol<Sgemm> = unsafe { library.get(b"dnnl_sgemm").ok()? };
    // SAFETY: the matrices have these sizes, row-major.
    work(sizes, move |a, b, c| unsafe {
        sgemm(plain, plain, m, n, k, 1.0, a, k, b, n, 0.0, c, n);
    })
}

type CblasSgemm =
    unsafe extern "C" fn(i32, i32, i32, i32, i32, i32, f32, *const f32, i32, *const f32, i32, f32, *mut f32, i32);

fn blas(library: &'static Library, sizes @ [m, k, n]: [usize; 3]) -> Option<Work> {
    const ROW_MAJOR: i32 = 101;
    const PLAIN: i32 = 111;
    let [m, n, k] = [m as i32, n as i32, k as i32];
    // SAFETY: the symbol has this type, as its header says.
    let sgemm: Symbol<CblasSgemm> = unsafe { library.get(b"cblas_sgemm").ok()? };
    // SAFETY: the matrices have these sizes, row-major.
    work(sizes, move |a, b, c| unsafe {
        sgemm(ROW_MAJOR, PLAIN, PLAIN, m, n, k, 1.0, a, k, b, n, 0.0, c, n);
    })
}
