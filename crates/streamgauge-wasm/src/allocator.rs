//! The module's memory, handed out in blocks of fixed sizes.
//!
//! Each power of two is cut in four, so a block is at most a quarter larger than what was asked for. A
//! block that comes back waits for the next who asks for its size; it is neither cut nor joined with
//! its neighbours. So of each size there is as much as was ever in use at once: traffic that goes on as
//! it did needs no more memory. This is half a kilobyte of code, where an allocator that joins
//! blocks has four to eight.

use core::alloc::{GlobalAlloc, Layout};
use core::cell::Cell;
use core::ptr::{self, NonNull};

/// Blocks begin at multiples of it, and so long is the smallest.
const UNIT: usize = 16;
/// Up to here sizes are multiples of the unit, beyond it there are four to each power of two.
const EVEN: usize = 4 * UNIT;
/// How many sizes there are: the largest is 2 GB.
const SIZES: usize = 4 + 4 * 25;

/// Gives so many bytes or more, or none.
pub(crate) type Grow = fn(usize) -> Option<NonNull<[u8]>>;

/// Blocks from memory that only grows.
pub(crate) struct Allocator {
    /// By size, the first of the blocks that wait; each holds the address of the next.
    waiting: [Cell<*mut u8>; SIZES],
    /// What was never handed out, and how much it is.
    fresh: Cell<*mut u8>,
    left: Cell<usize>,
    grow: Grow,
}

// SAFETY: a module has a thread of its own; nothing here is shared with another.
unsafe impl Sync for Allocator {}

/// Which of the sizes a block of `bytes` has, and what it is; `None` beyond the largest.
fn size_for(bytes: usize) -> Option<(usize, usize)> {
    if bytes <= EVEN {
        let units = bytes.max(1).div_ceil(UNIT);
        return Some((units - 1, units * UNIT));
    }
    // More than one power of two and at most the next, in four steps.
    let power = (bytes - 1).ilog2() as usize;
    let step = 1 << (power - 2);
    let steps = (bytes - 1) / step + 1;
    let place = 4 * (power - EVEN.ilog2() as usize) + steps - 1;
    (place < SIZES).then_some((place, steps * step))
}

impl Allocator {
    pub(crate) const fn new(grow: Grow) -> Self {
        Self {
            waiting: [const { Cell::new(ptr::null_mut()) }; SIZES],
            fresh: Cell::new(ptr::null_mut()),
            left: Cell::new(0),
            grow,
        }
    }

    /// A block that nobody had.
    fn unused(&self, size: usize) -> *mut u8 {
        if self.left.get() < size {
            let Some(more) = (self.grow)(size) else {
                return ptr::null_mut();
            };
            let start = more.cast::<u8>().as_ptr();
            // Where it follows on what is left, both are one.
            let follows = start == self.fresh.get().wrapping_add(self.left.get());
            let left = if follows { self.left.get() } else { 0 };
            if !follows {
                self.fresh.set(start);
            }
            self.left.set(left + more.len());
        }
        let block = self.fresh.get();
        self.fresh.set(block.wrapping_add(size));
        self.left.set(self.left.get() - size);
        block
    }
}

// SAFETY: a block is handed out once until it comes back: it is taken off the front of what is fresh,
// or off its list. It is as long as its size, which is what was asked for at least, and begins at a
// multiple of the unit, for sizes are such multiples; stricter alignments are refused.
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let Some((place, size)) = size_for(layout.size()).filter(|_| layout.align() <= UNIT) else {
            return ptr::null_mut();
        };
        let first = &self.waiting[place];
        let block = first.get();
        if block.is_null() {
            return self.unused(size);
        }
        // SAFETY: what waits is ours, a unit long at least, and begins with an address.
        first.set(unsafe { block.cast::<*mut u8>().read() });
        block
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if let Some((place, _)) = size_for(layout.size()) {
            let first = &self.waiting[place];
            // SAFETY: whoever gives it back no longer uses it; for its length see above.
            unsafe { block.cast::<*mut u8>().write(first.get()) };
            first.set(block);
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, bytes: usize) -> *mut u8 {
        if size_for(bytes) == size_for(layout.size()) {
            return block;
        }
        // SAFETY: the caller says that `bytes` with this alignment is a layout.
        let wanted = unsafe { Layout::from_size_align_unchecked(bytes, layout.align()) };
        // SAFETY: both blocks hold the lesser of both sizes, and are two.
        unsafe {
            let other = self.alloc(wanted);
            if !other.is_null() {
                ptr::copy_nonoverlapping(block, other, bytes.min(layout.size()));
                self.dealloc(block, layout);
            }
            other
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use alloc::vec::Vec;

    use super::*;

    const ROOM: usize = 1 << 16;

    /// Memory of the test's own, which it never gives back.
    fn grow(bytes: usize) -> Option<NonNull<[u8]>> {
        let layout = Layout::from_size_align(bytes.next_multiple_of(ROOM), 4096).ok()?;
        // SAFETY: the size is not 0.
        let start = NonNull::new(unsafe { std::alloc::alloc(layout) })?;
        Some(NonNull::slice_from_raw_parts(start, layout.size()))
    }

    fn layout(size: usize) -> Layout {
        Layout::from_size_align(size, 8).unwrap()
    }

    #[test]
    fn a_block_is_at_most_a_quarter_larger_and_each_size_has_a_list_of_its_own() {
        let mut before = (0, UNIT);
        for bytes in 1..100_000 {
            let (list, size) = size_for(bytes).unwrap();
            assert!(size >= bytes && size % UNIT == 0, "{bytes}: {size}");
            assert!(
                bytes <= EVEN || size * 4 <= (bytes - 1) * 5 + 4,
                "{bytes}: {size}"
            );
            let next = (before.0 + 1, size);
            assert!(
                (list, size) == before || (list, size) == next,
                "{bytes}: {list}"
            );
            assert_eq!(size_for(size), Some((list, size)));
            before = (list, size);
        }
        assert_eq!(size_for(1 << 31), Some((SIZES - 1, 1 << 31)));
        assert_eq!(size_for((1 << 31) + 1), None);
    }

    #[test]
    fn blocks_keep_what_is_in_them_while_others_come_go_and_grow() {
        let allocator = Allocator::new(grow);
        let mut blocks: Vec<(*mut u8, usize, u8)> = Vec::new();
        let mut random = 1_u32;
        for turn in 0..20_000_u32 {
            random = random.wrapping_mul(747_796_405).wrapping_add(2_891_336_453);
            let size = (random >> 16) as usize % 3000 + 1;
            // SAFETY: every block is used within its size, until it is given back.
            unsafe {
                match random >> 30 {
                    0 | 1 => {
                        let block = allocator.alloc(layout(size));
                        assert!(!block.is_null() && block.addr().is_multiple_of(UNIT));
                        block.write_bytes(turn as u8, size);
                        blocks.push((block, size, turn as u8));
                    }
                    2 if !blocks.is_empty() => {
                        let place = turn as usize % blocks.len();
                        let (block, old, mark) = &mut blocks[place];
                        *block = allocator.realloc(*block, layout(*old), size);
                        let kept = core::slice::from_raw_parts(*block, size.min(*old));
                        assert!(kept.iter().all(|byte| byte == mark));
                        block.write_bytes(*mark, size);
                        *old = size;
                    }
                    _ if !blocks.is_empty() => {
                        let (block, size, mark) = blocks.swap_remove(turn as usize % blocks.len());
                        let bytes = core::slice::from_raw_parts(block, size);
                        assert!(bytes.iter().all(|byte| *byte == mark));
                        allocator.dealloc(block, layout(size));
                    }
                    _ => {}
                }
            }
        }
        assert!(blocks.len() > 100);
    }

    #[test]
    fn what_comes_back_is_used_again() {
        let allocator = Allocator::new(grow);
        // SAFETY: nothing is written, and all is given back once.
        unsafe {
            let blocks: Vec<_> = (1..200).map(|n| allocator.alloc(layout(n * 37))).collect();
            let (fresh, left) = (allocator.fresh.get(), allocator.left.get());
            for _ in 0..100 {
                (1..200)
                    .zip(&blocks)
                    .for_each(|(n, block)| allocator.dealloc(*block, layout(n * 37)));
                (1..200).for_each(|n| assert!(blocks.contains(&allocator.alloc(layout(n * 37)))));
            }
            assert_eq!((allocator.fresh.get(), allocator.left.get()), (fresh, left));
        }
    }

    #[test]
    fn no_memory_too_much_of_it_and_strict_alignment_are_refused() {
        let none = Allocator::new(|_| None);
        let allocator = Allocator::new(grow);
        let aligned = Layout::from_size_align(64, 64).unwrap();
        // SAFETY: the sizes are not 0.
        unsafe {
            assert!(none.alloc(layout(1)).is_null());
            assert!(allocator.alloc(layout(3 << 30)).is_null());
            assert!(allocator.alloc(aligned).is_null());
            assert!(!allocator.alloc(layout(64)).is_null());
        }
    }
}
