// The adapters' types, with the real frameworks' and without any.
import { it } from "node:test";
import { assertCompiles } from "../support/compile.mjs";

it("fits the real servers and frameworks", () => assertCompiles(new URL("types.mts", import.meta.url), { types: ["node"], lib: ["ES2022", "DOM", "DOM.Iterable"], skipLibCheck: true }));
it("compiles without them", () => assertCompiles(new URL("bare.mts", import.meta.url)));
