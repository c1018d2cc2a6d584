// The types, with Node's real workers and without any types of Node's.
import { it } from "node:test";
import { assertCompiles } from "../support/compile.mjs";

it("fits Node's workers and processes", () => assertCompiles(new URL("types.mts", import.meta.url), { types: ["node"] }));
it("compiles without Node's types", () => assertCompiles(new URL("bare.mts", import.meta.url)));
