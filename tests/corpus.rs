//! Every file of the fuzzer's corpus, through the functions that the fuzzer calls: none panics, and none takes memory that its
//! size does not explain.

#[allow(unreachable_pub, reason = "the fuzz targets use it as a crate")]
#[path = "../fuzz/entries.rs"]
mod entries;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::path::Path;

/// The system's allocator, which counts what each thread holds and has held at most.
struct Counting;

thread_local! {
    static HELD: Cell<[isize; 2]> = const { Cell::new([0; 2]) };
}

fn count(bytes: isize) {
    // A thread that ends frees memory after its counters are gone.
    let _ = HELD.try_with(|held| {
        let [now, most] = held.get();
        held.set([now + bytes, most.max(now + bytes)]);
    });
}

// SAFETY: the system's allocator does all of it; counting allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// What a function holds at most, beyond what was held before.
fn peak(run: impl FnOnce()) -> isize {
    let before = HELD.get()[0];
    HELD.set([before, before]);
    run();
    HELD.get()[1] - before
}

/// What a file may take, whatever it holds: workspaces of a network and of decoders, and so many times its size. A picture, or
/// what gzip has packed, may be a thousand times its file.
fn most(kind: &str, len: usize) -> usize {
    let times = if matches!(kind, "image" | "csv" | "idx" | "npz") { 4096 } else { 64 };
    (1 << 20) + times * len
}

#[test]
fn no_file_panics_or_takes_memory_beyond_its_size() {
    let mut files = 0;
    for (kind, entry) in entries::ALL {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(kind);
        let own = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        for path in own.map(|file| file.expect("a file of the corpus").path()) {
            let content = std::fs::read(&path).expect("a file of the corpus");
            let found = peak(|| entry(&content));
            let most = most(kind, content.len());
            assert!(found <= most as isize, "{} takes {found} bytes, more than {most}", path.display());
            files += 1;
        }
    }
    assert!(files >= 500, "{files} files are fewer than a corpus has");
}
