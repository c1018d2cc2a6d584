// Whether WebAssembly's memory grows in an hour's traffic. The package does not show its memory:
// what instantiates the module is watched while it is loaded.

const messagesASecond = 1_000;

async function loadWatched() {
  const { Instance } = WebAssembly;
  const instances = [];
  WebAssembly.Instance = function watched(...args) {
    const instance = new Instance(...args);
    instances.push(instance);
    return instance;
  };
  const { Monitor } = await import("streamgauge");
  WebAssembly.Instance = Instance;
  return { Monitor, memory: instances[0].exports.memory };
}

/** An hour by the fake clock, with the sampler's ticks: bytes before and after it. */
export async function anHoursTraffic() {
  const { Monitor, memory } = await loadWatched();
  const { fakeClock, handlesOf, messages, plainNames } = await import("./message.mjs");
  const monitor = new Monitor({ time: fakeClock() });
  const ways = [messages(monitor, handlesOf(monitor)), messages(monitor, { ...plainNames, fresh: true })];
  const second = (number) => {
    ways[number % 2](messagesASecond);
    monitor.sample();
    if (number % 10 === 0) monitor.asdict();
  };
  for (let number = 0; number < 60; number += 1) second(number);
  const before = memory.buffer.byteLength;
  for (let number = 0; number < 3_600; number += 1) second(number);
  return { messages: 3_600 * messagesASecond, before, after: memory.buffer.byteLength };
}
