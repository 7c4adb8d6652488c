/** Ctrl-C: waiting ends, what runs in AWS goes on. */

/** A signal that is raised by Ctrl-C or by whoever asks the process to end. The second time it ends at once. */
export function untilInterrupted(): { readonly signal: AbortSignal; stop(): void } {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  return {
    signal: controller.signal,
    stop: () => {
      process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
    },
  };
}
