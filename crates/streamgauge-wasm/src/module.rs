//! What a program without `std` brings itself.

use core::arch::wasm32;
use core::panic::PanicInfo;
use core::ptr::{self, NonNull};

use crate::allocator::Allocator;

/// What memory grows by.
const PAGE: usize = 65_536;

#[global_allocator]
static ALLOCATOR: Allocator = Allocator::new(grow);

fn grow(bytes: usize) -> Option<NonNull<[u8]>> {
    let pages = bytes.div_ceil(PAGE);
    let before = wasm32::memory_grow(0, pages);
    // All bits are set where there is no more memory.
    let start = before.checked_mul(PAGE).filter(|_| before != usize::MAX)?;
    let start = NonNull::new(ptr::with_exposed_provenance_mut(start))?;
    Some(NonNull::slice_from_raw_parts(start, pages * PAGE))
}

/// A trap, a `RuntimeError` for JavaScript: as with `std`, whose message nobody would see.
#[panic_handler]
fn trap(_: &PanicInfo<'_>) -> ! {
    wasm32::unreachable()
}
