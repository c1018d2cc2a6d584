/** What sort of file it is. */

/** What a file holds, as far as its beginning tells. */
export type FileContent = { readonly kind: "trace" } | { readonly kind: "scenario"; readonly value: object };

/** A scenario is small. Bytes. */
const LARGEST_SCENARIO = 1_000_000;

/** A scenario is one JSON object that is no line of a trace; everything else is read as a trace, which says what is wrong with it. */
export async function contentOf(file: File): Promise<FileContent> {
  if (file.size > LARGEST_SCENARIO) return { kind: "trace" };
  try {
    const value = JSON.parse(await file.text()) as unknown;
    if (typeof value === "object" && value !== null && !Array.isArray(value) && !("trace" in value) && !("call" in value)) return { kind: "scenario", value };
  } catch {
    // Several lines, or no JSON.
  }
  return { kind: "trace" };
}
