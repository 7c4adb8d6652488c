/** What people see while a site is uploaded: a line that changes on a terminal, a line now and then elsewhere. */
import { createLogUpdate } from "log-update";
import type { Progress } from "../../publish/publish.ts";
import { elapsed } from "./live-view.ts";

/** Milliseconds between two lines where they stay. */
const EVERY = 5_000;

export function showUploading(title: string): { report(progress: Progress): void; stop(): void } {
  const started = performance.now();
  const line = (progress: Progress) =>
    `${elapsed(performance.now() - started).padStart(7)} ${title}: ${describe(progress)}`;
  if (process.stderr.isTTY && process.env.TERM !== "dumb") {
    const update = createLogUpdate(process.stderr, { showCursor: true });
    return { report: (progress) => update(line(progress)), stop: update.done };
  }
  let saidAt = 0;
  let step = "";
  return {
    report(progress) {
      const isLast = progress.step === "uploading" && progress.done === progress.total;
      if (progress.step === step && !isLast && performance.now() - saidAt < EVERY) return;
      step = progress.step;
      saidAt = performance.now();
      process.stderr.write(`${line(progress)}\n`);
    },
    stop: () => {},
  };
}

function describe(progress: Progress): string {
  switch (progress.step) {
    case "looking":
      return "looking at what is there";
    case "uploading":
      return `${progress.done} of ${progress.total} files uploaded`;
    case "removing":
      return `removing ${progress.total} files that are gone`;
    case "invalidating":
      return "waiting for CloudFront to forget what it keeps";
  }
}
