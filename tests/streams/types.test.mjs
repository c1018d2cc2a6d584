// The adapter's types, with the real streams' and without any.
import { it } from "node:test";
import { assertCompiles } from "../support/compile.mjs";

it("takes the streams of node:stream and of the Web", () => assertCompiles(new URL("types.mts", import.meta.url), { types: ["node"], lib: ["ES2022", "DOM", "DOM.Iterable"] }));
it("compiles without Node's types and the DOM's", () => assertCompiles(new URL("bare.mts", import.meta.url)));
