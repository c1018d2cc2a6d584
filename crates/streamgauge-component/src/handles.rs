//! Numbers for names, in packed calls.

use std::collections::BTreeMap;
use std::rc::Rc;

use streamgauge::{Stream, TopicPartition};

use crate::errors::{self, refusal};
use crate::hooks::check_stream;
use crate::interfaces::types::Error;

/// So many handles of each sort are given.
const MOST: u32 = 1_000_000;

/// What has handles, each with the number that it keeps.
struct Numbered<K> {
    all: Vec<Rc<K>>,
    numbers: BTreeMap<Rc<K>, u32>,
}

impl<K> Default for Numbered<K> {
    fn default() -> Self {
        Self {
            all: Vec::new(),
            numbers: BTreeMap::new(),
        }
    }
}

impl<K: Ord> Numbered<K> {
    fn number(&mut self, key: K) -> Result<u32, Error> {
        if let Some(number) = self.numbers.get(&key) {
            return Ok(*number);
        }
        let number = self.all.len() as u32;
        if number == MOST {
            let expected = "one of at most 1000000 of its sort";
            return Err(Error::TooMany(refusal("handle", expected, "one more")));
        }
        let key = Rc::new(key);
        self.all.push(Rc::clone(&key));
        self.numbers.insert(key, number);
        Ok(number)
    }

    fn get(&self, number: u32, expected: &str) -> Result<&K, Error> {
        let found = self.all.get(number as usize);
        found
            .map(Rc::as_ref)
            .ok_or_else(|| Error::UnknownHandle(refusal("handle", expected, number)))
    }
}

/// The handles that a monitor gave.
#[derive(Default)]
pub(crate) struct Handles {
    topic_partitions: Numbered<(String, u32)>,
    streams: Numbered<(String, Option<String>)>,
    names: Numbered<String>,
}

impl Handles {
    pub(crate) fn give_topic_partition(
        &mut self,
        topic: String,
        partition: u32,
    ) -> Result<u32, Error> {
        errors::topic_partition(TopicPartition::new(&topic, partition))?;
        self.topic_partitions.number((topic, partition))
    }

    pub(crate) fn give_stream(
        &mut self,
        label: String,
        task: Option<String>,
    ) -> Result<u32, Error> {
        check_stream(Stream::new(&label, task.as_deref()))?;
        self.streams.number((label, task))
    }

    pub(crate) fn give_name(&mut self, name: String) -> Result<u32, Error> {
        errors::name("name", &name)?;
        self.names.number(name)
    }

    pub(crate) fn topic_partition(&self, number: u32) -> Result<TopicPartition<'_>, Error> {
        let expected = "one of topic-partition-handle";
        let (topic, partition) = self.topic_partitions.get(number, expected)?;
        Ok(TopicPartition::new(topic, *partition))
    }

    pub(crate) fn stream(&self, number: u32) -> Result<Stream<'_>, Error> {
        let (label, task) = self.streams.get(number, "one of stream-handle")?;
        Ok(Stream::new(label, task.as_deref()))
    }

    pub(crate) fn name(&self, number: u32) -> Result<&str, Error> {
        Ok(self.names.get(number, "one of name-handle")?)
    }
}
