/** The other commands that work offline, in the part of the tool that is loaded only when one of them is called. */
export { reportBug } from "../bug.ts";
export { explainCommand } from "./explain.ts";
export { initCommand } from "./init.ts";
export { lintCommand } from "./lint.ts";
export { packCommand } from "./pack.ts";
export { releaseCommand } from "./release.ts";
export { showCommand } from "./show.ts";
export { watchCommand } from "./watch.ts";
