//! What a row of the snapshot's table says, and the macros that make structs and rows from one
//! line each.

use crate::snapshot::Snapshot;
use crate::snapshot::any::Unknown;
use crate::snapshot::parts::PartitionFigures;
use crate::snapshot::value::{Place, SnapshotShape, SnapshotValue};

/// A figure of a `T`: what it is called, what it is, how it is read and merged.
#[derive(Debug)]
pub struct FigureOf<T: 'static> {
    /// The section it stands in, by its key; empty where it stands in the document itself.
    pub section: &'static str,
    /// Its key in the section.
    pub key: &'static str,
    /// Section and key: `"messages.receivedByTopic"`.
    pub path: &'static str,
    /// Its form.
    pub shape: SnapshotShape,
    /// How it moves.
    pub kind: SnapshotKind,
    /// Its unit, in UCUM's spelling as OpenTelemetry uses it.
    pub unit: &'static str,
    /// What it is split by, outermost first.
    pub labels: &'static [&'static str],
    /// What it says, in a sentence.
    pub help: &'static str,
    /// How those of many monitors become one.
    pub merge: MergeRule,
    /// Reads it.
    pub read: for<'a> fn(&'a T) -> SnapshotValue<'a>,
    /// None where the figure is computed from others, and not believed when a document says it.
    pub(crate) place: Option<for<'a> fn(&'a mut T) -> Place<'a>>,
}

/// A figure of a snapshot.
pub type SnapshotFigure = FigureOf<Snapshot>;

/// A figure of a partition in a snapshot.
pub type PartitionFigure = FigureOf<PartitionFigures>;

/// How a figure of a snapshot moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SnapshotKind {
    /// It only grows.
    Counter,
    /// It goes up and down. Settings are gauges that stand still.
    Gauge,
    /// Durations, counted in buckets.
    Histogram,
    /// A state or a name, not a number.
    State,
}

/// How the figures of many monitors become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MergeRule {
    /// Added over all lives. Of a latency's histograms that of the last minute is a gauge.
    Add,
    /// A gauge: added over the newest life of each worker.
    Sum,
    /// A gauge: the greatest over the newest life of each worker.
    Max,
    /// A gauge: the least over the newest life of each worker.
    Min,
    /// A flag: set where it is in the newest life of any worker.
    Either,
    /// Computed again from the other figures of the merged snapshot.
    Derived,
    /// By a rule of its own that [`merge`](crate::merge) tells.
    Own,
}

/// A section of a snapshot: an object within the document.
#[derive(Debug)]
pub struct SnapshotSection {
    /// Its key.
    pub key: &'static str,
    /// Its Rust type.
    pub name: &'static str,
    /// What it says, in a sentence.
    pub help: &'static str,
    pub(crate) unknown: for<'a> fn(&'a Snapshot) -> &'a Unknown,
    pub(crate) unknown_mut: for<'a> fn(&'a mut Snapshot) -> &'a mut Unknown,
}

/// What writing needs of a row. Alone, so that a small module that only writes does not carry the
/// words of the whole table.
#[cfg(feature = "serde")]
pub(crate) struct Row<T: 'static> {
    pub(crate) section: &'static str,
    pub(crate) key: &'static str,
    pub(crate) read: for<'a> fn(&'a T) -> SnapshotValue<'a>,
}

#[cfg(feature = "serde")]
impl<T> Clone for Row<T> {
    fn clone(&self) -> Self {
        *self
    }
}

#[cfg(feature = "serde")]
impl<T> Copy for Row<T> {}

#[cfg(feature = "serde")]
impl<T> Row<T> {
    const fn of(figure: &FigureOf<T>) -> Self {
        Self {
            section: figure.section,
            key: figure.key,
            read: figure.read,
        }
    }
}

/// The rows of a table that has `N` of them, made by the compiler.
#[cfg(feature = "serde")]
pub(crate) const fn rows_of<T, const N: usize>(figures: &[FigureOf<T>]) -> [Row<T>; N] {
    let mut rows = [Row::of(&figures[0]); N];
    let mut place = 1;
    while place < N {
        rows[place] = Row::of(&figures[place]);
        place += 1;
    }
    rows
}

/// What writing needs of a section.
#[cfg(feature = "serde")]
#[derive(Clone, Copy)]
pub(crate) struct Section {
    pub(crate) key: &'static str,
    pub(crate) unknown: for<'a> fn(&'a Snapshot) -> &'a Unknown,
}

/// That of `N` sections, made by the compiler.
#[cfg(feature = "serde")]
pub(crate) const fn sections_of<const N: usize>(sections: &[SnapshotSection]) -> [Section; N] {
    const fn of(section: &SnapshotSection) -> Section {
        Section {
            key: section.key,
            unknown: section.unknown,
        }
    }
    let mut short = [of(&sections[0]); N];
    let mut place = 1;
    while place < N {
        short[place] = of(&sections[place]);
        place += 1;
    }
    short
}

/// What a struct that stands in a document says of itself.
#[cfg(feature = "serde")]
pub(crate) trait Record: Default + 'static {
    fn figures() -> &'static [FigureOf<Self>];

    fn rows() -> &'static [Row<Self>];

    /// Keys without which an entry says nothing.
    const REQUIRED: &'static [&'static str] = &[];

    /// Where unknown fields are kept; None where they are passed over.
    const UNKNOWN: Option<for<'a> fn(&'a mut Self) -> &'a mut Unknown> = None;

    fn unknown(&self) -> Option<&Unknown> {
        None
    }
}

/// The rows of one section: a struct's fields, seen from the struct that holds it.
macro_rules! rows {
    (@place Derived $($at:ident).+) => { None };
    (@place $rule:ident $($at:ident).+) => { Some(|it| Shaped::place(&mut it.$($at).+)) };
    (@path "" $key:literal) => { $key };
    (@path $section:literal $key:literal) => { concat!($section, ".", $key) };
    (@row $section:tt ($($at:ident).+) $key:literal $held:ty, $kind:ident, $unit:literal, $labels:tt, $rule:ident, $help:literal) => {
        FigureOf {
            section: $section,
            key: $key,
            path: rows!(@path $section $key),
            shape: <$held as Shaped>::SHAPE,
            kind: SnapshotKind::$kind,
            unit: $unit,
            labels: &$labels,
            help: $help,
            merge: MergeRule::$rule,
            read: |it| Shaped::value(&it.$($at).+),
            place: rows!(@place $rule $($at).+),
        }
    };
}

/// A struct that stands in lists or by itself, and the table of its fields.
macro_rules! record {
    (
        $(#[$doc:meta])* $name:ident, $(#[$table_doc:meta])* $table:ident;
        $($field:ident $key:literal: $held:ty, $kind:ident, $unit:literal, $rule:ident, $help:literal;)+
        $(#[$unknown_doc:meta] unknown; required $required:expr;)?
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Default)]
        pub struct $name {
            $(#[doc = $help] pub $field: $held,)+
            $(
                #[$unknown_doc]
                pub unknown: Unknown,
            )?
        }

        $(#[$table_doc])*
        pub static $table: &[FigureOf<$name>] =
            &[$(rows!(@row "" ($field) $key $held, $kind, $unit, [], $rule, $help),)+];

        #[cfg(feature = "serde")]
        impl Record for $name {
            fn figures() -> &'static [FigureOf<Self>] {
                $table
            }

            fn rows() -> &'static [Row<Self>] {
                static ROWS: [Row<$name>; $table.len()] = rows_of($table);
                &ROWS
            }

            $(
                const REQUIRED: &'static [&'static str] = &$required;
                const UNKNOWN: Option<for<'a> fn(&'a mut Self) -> &'a mut Unknown> =
                    Some(|it| &mut it.unknown);

                fn unknown(&self) -> Option<&Unknown> {
                    Some(&self.unknown)
                }
            )?
        }
    };
}

/// The snapshot: the structs of its sections, itself, and the table of every figure.
macro_rules! snapshot {
    (
        head { $($head:ident $head_key:literal: $head_held:ty, $head_kind:ident, $head_unit:literal, $head_labels:tt, $head_rule:ident, $head_help:literal;)+ }
        sections { $(
            $section:ident $section_key:tt: $name:ident, $section_help:literal {
                $($field:ident $key:literal: $held:ty, $kind:ident, $unit:literal, $labels:tt, $rule:ident, $help:literal;)+
            }
        )+ }
        tail { $($tail:ident $tail_key:literal: $tail_held:ty, $tail_kind:ident, $tail_unit:literal, $tail_labels:tt, $tail_rule:ident, $tail_help:literal;)+ }
    ) => {
        $(
            #[doc = $section_help]
            #[derive(Debug, Clone, PartialEq, Default)]
            pub struct $name {
                $(#[doc = $help] pub $field: $held,)+
                /// Fields that this version does not know.
                pub unknown: Unknown,
            }
        )+

        /// Every figure of one monitor at one moment, or of many monitors merged.
        ///
        /// Times are seconds, times of the day Unix times. Who fills one calls
        /// [`summarize`](Self::summarize) at the end: it puts partitions in order and computes what
        /// follows from the rest.
        #[derive(Debug, Clone, PartialEq)]
        pub struct Snapshot {
            $(#[doc = $head_help] pub $head: $head_held,)+
            $(#[doc = $section_help] pub $section: $name,)+
            $(#[doc = $tail_help] pub $tail: $tail_held,)+
            /// Fields that this version does not know.
            pub unknown: Unknown,
        }

        impl Default for Snapshot {
            /// That of a monitor to which nothing happened, with no name.
            fn default() -> Self {
                let mut snapshot = Self {
                    $($head: Default::default(),)+
                    $($section: Default::default(),)+
                    $($tail: Default::default(),)+
                    unknown: Unknown::new(),
                };
                snapshot.summarize();
                snapshot
            }
        }

        /// Every figure of a snapshot, in the order of its forms: a section's rows are neighbours.
        pub static SNAPSHOT: &[SnapshotFigure] = &[
            $(rows!(@row "" ($head) $head_key $head_held, $head_kind, $head_unit, $head_labels, $head_rule, $head_help),)+
            $($(rows!(@row $section_key ($section.$field) $key $held, $kind, $unit, $labels, $rule, $help),)+)+
            $(rows!(@row "" ($tail) $tail_key $tail_held, $tail_kind, $tail_unit, $tail_labels, $tail_rule, $tail_help),)+
        ];

        /// Every section of a snapshot, in the order of its forms.
        pub static SECTIONS: &[SnapshotSection] = &[$(SnapshotSection {
            key: $section_key,
            name: stringify!($name),
            help: $section_help,
            unknown: |snapshot| &snapshot.$section.unknown,
            unknown_mut: |snapshot| &mut snapshot.$section.unknown,
        },)+];
    };
}

pub(crate) use {record, rows, snapshot};
