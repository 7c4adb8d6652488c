/** Ids, times and chance that are the same in each run. */

/** A generator of numbers from 0 to below 1 (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Gives out ids and times, each later by a second than the one before. */
export class Sequence {
  private readonly random = seeded(1);
  private seconds = 0;

  uuid(): string {
    const digit = (from: number, to: number) =>
      (from + Math.floor(this.random() * (to - from + 1))).toString(16);
    return "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx".replace(/[xy]/g, (place) =>
      place === "x" ? digit(0, 15) : digit(8, 11),
    );
  }

  time(): Date {
    return new Date(Date.UTC(2026, 0, 1) + 1000 * this.seconds++);
  }
}
