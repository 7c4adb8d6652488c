/** Errors for what cannot happen, and what was being done when it did. */

/** Thrown when a promise between stages is broken: our bug, never the user's mistake. */
export class Invariant extends Error {
  override readonly name = "Invariant";
}

/** Runs something; what it throws says then what was being done. */
export function during<T>(what: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw new Error(`while ${what}`, { cause: error });
  }
}
