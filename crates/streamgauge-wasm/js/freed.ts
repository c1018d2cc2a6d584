/** What takes the place of a freed monitor's parts: whatever is asked of it throws. */
export const FREED: unknown = new Proxy(
  {},
  {
    get(): never {
      throw Object.assign(new Error("this monitor was freed: make a new one"), { code: "ERR_MONITOR_FREED" });
    },
  },
);
