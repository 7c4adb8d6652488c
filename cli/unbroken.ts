/** Work that Ctrl-C does not break off. */
import { setImmediate } from "node:timers/promises";
import { Stopped } from "./exit.ts";

/**
 * Does work that would be left half done; Ctrl-C, or who else asks the process to end, is heard when it is through.
 *
 * @param state what is then to be said of it
 * @throws Stopped where somebody asked for the end meanwhile
 */
export async function unbroken<Result>(work: () => Result, state: string): Promise<Result> {
  let isStopped = false;
  const stop = () => {
    isStopped = true;
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  try {
    const result = work();
    // Node hears of a signal only between two turns.
    await setImmediate();
    if (isStopped) throw new Stopped(`interrupted; ${state}`);
    return result;
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
}
