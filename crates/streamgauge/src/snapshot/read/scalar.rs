//! What is neither list nor map, and keys.

use alloc::format;
use alloc::string::{String, ToString};

use super::target::Target;
use crate::health::Status;
use crate::names::too_long;
use crate::snapshot::any::AnyValue;
use crate::snapshot::context::{Context, Got, Stopped};
use crate::snapshot::parts::{FORMAT, Format, LagMethod};
use crate::snapshot::value::Place;

/// Puts what came into its target.
pub(super) fn scalar(
    mut target: Target<'_>,
    got: Got<'_>,
    context: &mut Context,
) -> Result<(), Stopped> {
    let taken = match got {
        Got::Null => take_nothing(&mut target),
        Got::Flag(value) => match &mut target {
            Target::Figure(Place::Flag(place)) => set(place, Some(value)),
            Target::Any(place) => set(place, Some(AnyValue::Flag(value))),
            _ => false,
        },
        Got::Whole(value) => target.take_whole(value),
        Got::Negative(value) => target.take_negative(value),
        Got::Number(value) => take_number(&mut target, value),
        Got::Text(text) => take_text(&mut target, text, context)?,
        Got::Bytes(bytes) => match &mut target {
            Target::Any(place) => set(place, Some(AnyValue::Bytes(bytes.into()))),
            _ => false,
        },
        Got::Huge | Got::List | Got::Map => false,
    };
    if taken {
        return Ok(());
    }
    wrong(&target, got, context)
}

/// Refuses what came.
pub(super) fn wrong(
    target: &Target<'_>,
    got: Got<'_>,
    context: &mut Context,
) -> Result<(), Stopped> {
    let expected = target.expected();
    context.refuse(format!("must be {expected}, got {got}"))
}

fn take_nothing(target: &mut Target<'_>) -> bool {
    match target {
        Target::Figure(Place::OptionalWhole(place)) => set(place, Some(None)),
        Target::Figure(Place::OptionalNumber(place)) => set(place, Some(None)),
        Target::Figure(Place::Histogram(place)) => set(place, Some(None)),
        Target::Any(place) => set(place, Some(AnyValue::Null)),
        _ => false,
    }
}

fn take_number(target: &mut Target<'_>, value: f64) -> bool {
    value.is_finite()
        && match target {
            Target::Figure(Place::Number(place)) => set(place, Some(value)),
            Target::Figure(Place::OptionalNumber(place)) => set(place, Some(Some(value))),
            Target::Any(place) => set(place, Some(AnyValue::Number(value))),
            target => match (whole(value), whole(-value)) {
                (Some(whole), _) => target.take_whole(whole),
                (None, Some(minus)) => {
                    let negative = i64::try_from(minus).ok().map(|minus| -minus);
                    negative.is_some_and(|negative| target.take_negative(negative))
                }
                (None, None) => false,
            },
        }
}

/// The whole number that `number` is exactly: writers that know but one kind of number write it so.
fn whole(number: f64) -> Option<u64> {
    const TOO_MUCH: f64 = 18_446_744_073_709_551_616.0;
    let whole = number as u64;
    ((0.0..TOO_MUCH).contains(&number) && whole as f64 == number).then_some(whole)
}

fn take_text(target: &mut Target<'_>, text: &str, context: &mut Context) -> Result<bool, Stopped> {
    Ok(match target {
        Target::Figure(Place::Format(place)) => {
            if text != FORMAT {
                let got = Got::Text(text).to_string();
                let got = got.trim_matches('"');
                let words = format!("{got} is not known; this version reads {FORMAT}");
                return context.refuse(words);
            }
            set(place, Some(Format))
        }
        Target::Figure(Place::Text(place)) => {
            if let Some(characters) = too_long(text) {
                return context.refuse(words_for_long(characters));
            }
            set(place, Some(text.into()))
        }
        Target::Path(place) => set(place, Some(text.into())),
        Target::Figure(Place::Status(place)) => set(place, Status::from_name(text)),
        Target::Figure(Place::LagMethod(place)) => set(place, LagMethod::from_name(text)),
        Target::Figure(Place::Wide(place)) => {
            let digits = text.bytes().all(|byte| byte.is_ascii_digit());
            set(place, text.parse().ok().filter(|_| digits))
        }
        Target::Any(place) => set(place, Some(AnyValue::Text(text.into()))),
        _ => false,
    })
}

/// Puts a key where it is wanted.
pub(super) fn key(into: &mut String, got: Got<'_>, context: &mut Context) -> Result<(), Stopped> {
    let Got::Text(text) = got else {
        return context.refuse(format!("has a key that must be a text, got {got}"));
    };
    if let Some(characters) = too_long(text) {
        let words = format!("has a key that {}", words_for_long(characters));
        return context.refuse(words);
    }
    into.clear();
    into.push_str(text);
    Ok(())
}

/// Puts a value into its place where there is one.
pub(super) fn set<T>(place: &mut &mut T, value: Option<T>) -> bool {
    let Some(value) = value else {
        return false;
    };
    **place = value;
    true
}

fn words_for_long(characters: usize) -> String {
    format!("must be a name of at most 4096 characters, got one of {characters} characters")
}
