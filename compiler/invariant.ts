/** The error for what cannot happen. */

/** Thrown when a promise between stages is broken: our bug, never the user's mistake. */
export class Invariant extends Error {
  override readonly name = "Invariant";
}
